// SPDX-License-Identifier: GPL-2.0-only
import { canonical, type Json } from '@libmultipath/contract';
import { Machine, type Program } from '@libmultipath/kernel';

/** Bound on the runs of one program. */
const MAX_RUNS = 20_000;

/**
 * Runs every schedule of a small program, without any reduction: what the real checker is
 * compared with, and its stand-in where a test must not depend on it.
 */
export const everySchedule = (program: Program) => {
  const outcomes = new Map<string, { key: string; value: Json; count: number }>();
  const reports = new Set<string>();
  const stuckAt = new Map<string, { outcome: Json }>();
  let prefix: number[] | undefined = [];
  let runs = 0;
  while (prefix !== undefined && runs < MAX_RUNS) {
    runs++;
    const machine = new Machine(program.options);
    const run = program.make(machine);
    const taken: { choice: number; of: number }[] = [];
    const chosen: readonly number[] = prefix;
    const end = machine.run(
      {
        pick: (enabled) => {
          const choice = chosen[taken.length] ?? 0;
          taken.push({ choice, of: enabled.length });
          return enabled[choice];
        },
      },
      () => run.finished?.() ?? false,
    );
    for (const report of machine.reports) reports.add(report.message);
    // Programs of scenarios give outcomes, which are JSON.
    const value = run.outcome() as Json;
    const key = canonical(value);
    if (end === 'stuck') stuckAt.set(key, { outcome: value });
    else outcomes.set(key, { key, value, count: (outcomes.get(key)?.count ?? 0) + 1 });
    prefix = next(taken);
  }
  const complete = prefix === undefined;
  const bound = complete ? 'complete (every schedule)' : `stopped after ${String(runs)} schedules`;
  const found = [...reports].map((message) => ({ report: { message } }));
  const ends = { stuckAt: [...stuckAt.values()] };
  return { complete, bound, runs, outcomes: [...outcomes.values()], reports: found, ends };
};

/** The next leaf of the tree in depth-first order. */
const next = (taken: readonly { choice: number; of: number }[]): number[] | undefined => {
  for (let at = taken.length - 1; at >= 0; at--) {
    const { choice, of } = taken[at] ?? { choice: 0, of: 0 };
    if (choice + 1 < of) return [...taken.slice(0, at).map((one) => one.choice), choice + 1];
  }
  return undefined;
};
