// SPDX-License-Identifier: GPL-2.0-only
import { counted } from '../bounds.js';
import { chanceOf, chanceText } from '../sample.js';
import type { PctChance } from '../sampling/sample-options.js';

/** How far a program was looked at. */
export interface Look {
  readonly seed: number;
  /** All schedules with so many preemptions were explored; undefined: not even those with none. */
  readonly preemptions: number | undefined;
  /** Schedules drawn by each method, from number 0. */
  readonly pos: number;
  readonly pct: number;
  /** Of those drawn by PCT. */
  readonly chance: Pick<PctChance, 'depth' | 'tasks' | 'steps' | 'longer'> | undefined;
}

/** The verdict: the bound that was reached, what was drawn, and what that promises. */
export const lookBound = ({ seed, preemptions, pos, pct, chance }: Look, complete: boolean): string => {
  if (complete) return 'complete (sequential consistency)';
  const parts: string[] = [];
  if (preemptions !== undefined) {
    parts.push(`complete up to ${counted(preemptions, 'preemption')} (sequential consistency)`);
  }
  if (pos + pct > 0) {
    const odds = chance === undefined || pct === 0 ? '' : ` (${chanceText(chanceOf(chance, pct))})`;
    parts.push(`sampled ${counted(pos, 'schedule')} by POS and ${String(pct)} by PCT, seed ${String(seed)}${odds}`);
  }
  return parts.length === 0 ? 'the first schedules alone' : parts.join(', ');
};
