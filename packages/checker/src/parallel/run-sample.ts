// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import { sample } from '../sample.js';
import type { SearchPlan } from './plan.js';
import type { UnitResult } from './work-unit.js';

/** Draws all schedules of a program, as one unit. @param stop asked between two of them */
export const runSample = (
  program: Program,
  options: NonNullable<SearchPlan['sample']>,
  stop: () => boolean,
): UnitResult => {
  let asked = false;
  const now = (): number => {
    // The first answer is the origin.
    const late = asked && stop();
    asked = true;
    return late ? 1 : 0;
  };
  const found = sample(program, { ...options, timeMs: 1, now });
  const stopped = found.stats.executions < options.schedules;
  const { chance } = found;
  return {
    found,
    end: stopped ? 'stopped' : 'done',
    met: [],
    claimed: [],
    rest: [],
    limited: false,
    ...(chance === undefined ? {} : { chance }),
  };
};
