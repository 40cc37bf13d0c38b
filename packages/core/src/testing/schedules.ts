// SPDX-License-Identifier: GPL-2.0-only
import {
  Machine,
  virtualTime,
  withCurrent,
  type Chooser,
  type MachineOptions,
  type RunEnd,
  type Task,
} from '@libmultipath/kernel';

/** A run for a test: the machine after it, and how it ended. */
export interface Ran {
  readonly machine: Machine;
  readonly end: RunEnd;
}

/** Builds with `make` on a fresh machine and runs it to its end. */
export const runWith = (make: (machine: Machine) => void, chooser: Chooser, options: MachineOptions = {}): Ran => {
  const machine = new Machine({ maxSteps: 50_000, ...options });
  withCurrent(machine, undefined, () => {
    make(machine);
  });
  return { machine, end: machine.run(chooser) };
};

/** Numbers below a bound that a seed decides (32 bits: a linear congruence, its high half taken). */
const numbers = (seed: number): ((below: number) => number) => {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

/** A chooser that a seed decides: at each step any task that can run. */
export const seeded = (seed: number): Chooser => {
  const next = numbers(seed);
  return {
    pick: (enabled) => enabled[next(enabled.length)],
    branch: (_task, step) => next(step.branches),
  };
};

/**
 * A chooser that a seed decides: the task of the highest priority runs on, and at three of
 * the first `steps` steps the one that is running becomes the lowest. It holds a task back
 * for long, which {@link seeded} hardly ever does.
 */
export const byPriority = (seed: number, steps: number): Chooser => {
  const next = numbers(seed);
  const changes = new Set([next(steps), next(steps), next(steps)]);
  const priorities = new Map<Task, number>();
  let step = 0;
  let lowest = 0;
  return {
    pick: (enabled) => {
      for (const task of enabled) if (!priorities.has(task)) priorities.set(task, 1 + next(1_000));
      const [first] = [...enabled].sort((a, b) => (priorities.get(b) ?? 0) - (priorities.get(a) ?? 0));
      if (first !== undefined && changes.has(step++)) priorities.set(first, lowest--);
      return first;
    },
    branch: (_task, { branches }) => next(branches),
  };
};

/** A chooser that runs those of the lowest rank, among them as on virtual time: a task of a higher one waits for them. */
export const byRank = (rank: (task: Task) => number): Chooser => {
  const time = virtualTime();
  return {
    pick: (enabled, machine) => {
      const awake = enabled.filter(({ kind }) => kind !== 'timer');
      const lowest = Math.min(...awake.map(rank));
      return time.pick(awake.length === 0 ? enabled : awake.filter((task) => rank(task) === lowest), machine);
    },
  };
};

/** A removal begins when a bio is about to be parked, and the bio is parked when all others wait. */
export const parksLate = (): Chooser =>
  byRank(({ pending }) => {
    if (pending?.fn === 'mpath_remove_disk' && pending.op === 'test_and_clear_bit') return 1;
    return pending?.fn === 'mpath_bdev_submit_bio' && pending.op.startsWith('spin_lock') ? 2 : 0;
  });

const MAX_SCHEDULES = 100_000;

/** Runs every schedule, by plain depth-first search over the choices. @returns how many there are */
export const everySchedule = (
  make: (machine: Machine) => void,
  see: (ran: Ran) => void,
  options: MachineOptions = {},
): number => {
  const path: { taken: number; readonly of: number }[] = [];
  for (let schedules = 1; schedules <= MAX_SCHEDULES; schedules++) {
    let at = 0;
    const choose = (of: number): number => {
      const known = path[at++];
      if (known === undefined) path.push({ taken: 0, of });
      return known?.taken ?? 0;
    };
    see(
      runWith(
        make,
        {
          pick: (enabled) => enabled[enabled.length === 1 ? 0 : choose(enabled.length)],
          branch: (_task, step) => choose(step.branches),
        },
        options,
      ),
    );
    while (path.length > 0 && path.at(-1)?.taken === (path.at(-1)?.of ?? 0) - 1) path.pop();
    const last = path.at(-1);
    if (last === undefined) return schedules;
    last.taken++;
  }
  throw new Error(`more than ${String(MAX_SCHEDULES)} schedules`);
};
