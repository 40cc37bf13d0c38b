// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Exploration } from './exploration.js';
import { explore } from './explore.js';

const findings = ({ complete, outcomes, ends, reports }: Exploration) => ({
  complete,
  outcomes: outcomes.map(({ key }) => key),
  stuck: ends.stuckAt.map(({ key }) => key),
  reports: reports.map(({ key }) => key),
});

export interface Comparison {
  /** Programs, unless LMP_PROGRAMS says how many. */
  readonly programs: number;
  /** Unless LMP_SEED says another. */
  readonly seed: number;
  /** Executions after which the plain search of a program is given up, and another one drawn. */
  readonly maxExecutions: number;
}

/** Two or three tasks of one or two actions each: the reduced search finds what the plain one finds. @returns programs compared */
export const compareWithPlain = <Action extends string>(
  actions: readonly Action[],
  programOf: (tasks: readonly (readonly Action[])[]) => Program,
  { programs, seed, maxExecutions }: Comparison,
): number => {
  let compared = 0;
  const task = fc.array(fc.constantFrom(...actions), { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(fc.array(task, { minLength: 2, maxLength: 3 }), (spec) => {
      const program = programOf(spec);
      const all = explore(program, { reduction: 'none', memo: false, maxExecutions });
      fc.pre(all.complete);
      compared++;
      for (const memo of [false, true]) expect(findings(explore(program, { memo }))).toEqual(findings(all));
    }),
    {
      numRuns: Number(process.env['LMP_PROGRAMS'] ?? programs),
      seed: Number(process.env['LMP_SEED'] ?? seed),
      maxSkipsPerRun: 50,
    },
  );
  return compared;
};
