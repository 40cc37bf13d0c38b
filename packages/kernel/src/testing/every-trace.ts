// SPDX-License-Identifier: GPL-2.0-only
import type { Chooser } from '../chooser.js';
import type { Machine } from '../machine.js';
import { conflicts } from '../step.js';
import type { Task } from '../task.js';
import { run, type Ran } from './run.js';

/** A point of choice: between tasks by name, or between the branches of a step. */
interface Choice {
  readonly of: readonly string[];
  at: number;
}

/** Bound on the runs that a test may ask for. */
const MAX_RUNS = 20_000;

/**
 * Runs one schedule of each kind, where schedules are of one kind that differ only in the
 * order of steps that do not conflict: depth first with sleep sets, nothing else.
 * @returns how many runs went to their end
 */
export const everyTrace = (make: (machine: Machine) => void, see: (ran: Ran) => void): number => {
  const path: Choice[] = [];
  let [runs, complete] = [0, 0];
  do {
    if (++runs > MAX_RUNS) throw new Error(`more than ${String(MAX_RUNS)} runs`);
    let depth = 0;
    const choose = (of: readonly string[]): Choice => {
      const known = path[depth++];
      if (known !== undefined) return known;
      const fresh = { of, at: 0 };
      path.push(fresh);
      return fresh;
    };
    let asleep: Task[] = [];
    const chooser: Chooser = {
      pick: (enabled) => {
        const awake = enabled.filter((task) => !asleep.includes(task));
        if (awake.length === 0) return undefined;
        const { at } = choose(awake.map(({ name }) => name));
        const next = awake[at];
        const step = next?.pending;
        if (step === undefined) throw new Error('a prefix did not lead to the same state');
        // Those explored before it need not come right after it, unless it matters to them.
        asleep = [...asleep, ...awake.slice(0, at)].filter(
          ({ pending }) => pending !== undefined && !conflicts(pending, step),
        );
        return next;
      },
      branch: (_task, step) => choose(Array.from({ length: step.branches }, (_, i) => String(i))).at,
    };
    const ran = run(make, chooser);
    if (ran.end !== 'stopped') {
      complete++;
      see(ran);
    }
    for (let last = path.at(-1); last !== undefined && last.at + 1 === last.of.length; last = path.at(-1)) path.pop();
    const last = path.at(-1);
    if (last !== undefined) last.at++;
  } while (path.length > 0);
  return complete;
};
