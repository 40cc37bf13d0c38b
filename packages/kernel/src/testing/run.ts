// SPDX-License-Identifier: GPL-2.0-only
import { virtualTime, type Chooser } from '../chooser.js';
import { withCurrent } from '../current.js';
import { Machine, type MachineEvent, type MachineOptions, type RunEnd } from '../machine.js';
import { siteLabel } from '../step.js';

/** A run for a test: the machine after it, how it ended, and what it did in words. */
export interface Ran {
  readonly machine: Machine;
  readonly end: RunEnd;
  /** `class: message` of each report. */
  readonly reports: readonly string[];
  /** One line for each event: task, site and value. */
  readonly events: readonly string[];
}

const shown = (value: unknown): string => {
  if (typeof value === 'object' && value !== null) return value.constructor.name;
  return typeof value === 'function' ? value.name : String(value);
};

const line = ({ task, step }: MachineEvent): string => `${task.name} ${siteLabel(step)} = ${shown(step.value)}`;

/** Builds with `make` on a fresh machine and runs it to its end. */
export const run = (
  make: (machine: Machine) => void,
  chooser: Chooser = virtualTime(),
  options: MachineOptions = {},
): Ran => {
  const events: string[] = [];
  const machine = new Machine({
    maxSteps: 20_000,
    ...options,
    onEvent: (event) => {
      events.push(line(event));
      options.onEvent?.(event);
    },
  });
  withCurrent(machine, undefined, () => {
    make(machine);
  });
  const end = machine.run(chooser);
  return { machine, end, reports: machine.reports.map((r) => `${r.class}: ${r.message}`), events };
};

/** A chooser that a seed decides (a generator of 32 bits after Weyl and Marsaglia's mixing). */
export const seeded = (seed: number): Chooser => {
  let state = seed | 0;
  const next = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
  return {
    pick: (enabled) => enabled[next(enabled.length)],
    branch: (_task, step) => next(step.branches),
  };
};

/** Bound on the schedules that a test may ask for. */
const MAX_SCHEDULES = 200_000;

/** Runs every schedule and every branch, by plain depth-first search, and shows each run. */
export const everySchedule = (
  make: (machine: Machine) => void,
  see: (ran: Ran) => void,
  options: MachineOptions = {},
): number => {
  const path: { taken: number; of: number }[] = [];
  let schedules = 0;
  do {
    if (++schedules > MAX_SCHEDULES) throw new Error(`more than ${String(MAX_SCHEDULES)} schedules`);
    let at = 0;
    const choose = (of: number): number => {
      const known = path[at++];
      if (known !== undefined) return known.taken;
      path.push({ taken: 0, of });
      return 0;
    };
    see(
      run(
        make,
        {
          pick: (enabled) => enabled[enabled.length === 1 ? 0 : choose(enabled.length)],
          branch: (_task, step) => choose(step.branches),
        },
        options,
      ),
    );
    for (let last = path.at(-1); last !== undefined && last.taken + 1 === last.of; last = path.at(-1)) path.pop();
    const last = path.at(-1);
    if (last !== undefined) last.taken++;
  } while (path.length > 0);
  return schedules;
};
