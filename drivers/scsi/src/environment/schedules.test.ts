// SPDX-License-Identifier: GPL-2.0-only
import {
  currentMachine,
  explore,
  Machine,
  settle,
  withCurrent,
  type Chooser,
  type Exploration,
  type Program,
  type Steps,
} from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { environment_7_3 } from '../kernels.js';
import { attach, lioPaths, plainUnit, qemuNexus, type Attached } from '../testing/arrays.js';
import { transferBlock } from '../testing/read-block.js';
import { loadAlua } from './alua/handler.js';
import { scsi_device_block, scsi_internal_device_unblock, set_state_locked } from './device-state.js';
import { SDEV_OFFLINE, SDEV_TRANSPORT_OFFLINE, sdev_state_names } from './device-states.js';
import { inject } from './hardware/change.js';
import { change_group } from './hardware/set-groups.js';
import { no_multipath } from './multipath-ops.js';
import { scsi_core } from './scsi-core.js';

const minuteMs = 60_000;

interface Case {
  readonly name: string;
  readonly set: (core: scsi_core) => Steps<Attached>;
  readonly other: (path: Attached) => Steps<void>;
  readonly expected: readonly string[];
  /** Runs that the search may make, and whether they are enough. */
  readonly runs: number;
  readonly isWhole: boolean;
}

/** A device that is there; then a read, and beside it something else, in every order. */
const programOf = ({ name, set, other }: Case): Program => ({
  name,
  make: (machine) => {
    const core = new scsi_core(environment_7_3, no_multipath);
    machine.globals.set('scsi', core);
    const seen: { path?: Attached; read?: string } = {};
    machine.globals.set('seen', seen);
    machine.spawn('setup', function* () {
      const path = yield* set(core);
      yield* settle([path]);
      seen.path = path;
      currentMachine().spawn('reader', function* () {
        seen.read = (yield* transferBlock(path.sdev)).result;
      });
      currentMachine().spawn('other', () => other(path));
    });
    return {
      outcome: () => ({
        read: seen.read ?? 'waits',
        state: sdev_state_names.get(seen.path?.sdev.sdev_state ?? 0),
      }),
    };
  },
});

const cases: readonly Case[] = [
  {
    name: 'a transport that gives up',
    set: (core) => attach(core, qemuNexus(plainUnit())),
    *other({ sdev }) {
      yield* scsi_device_block(sdev);
      yield* scsi_internal_device_unblock(sdev, SDEV_TRANSPORT_OFFLINE);
    },
    expected: ['EIO transport-offline', 'ok transport-offline'],
    runs: 3_000,
    isWhole: true,
  },
  {
    name: 'a device that is taken offline while its read is retried',
    *set(core) {
      const path = yield* attach(core, qemuNexus(plainUnit()));
      yield* inject(path.sdev.nexus, { status: 0x08 });
      return path;
    },
    *other({ sdev }) {
      yield* set_state_locked(sdev, SDEV_OFFLINE);
    },
    expected: ['EIO offline', 'ok offline'],
    runs: 150,
    isWhole: false,
  },
  {
    name: 'a group that goes to standby',
    *set(core) {
      loadAlua(core);
      const [nexus] = lioPaths([0]);
      if (nexus === undefined) throw new Error('no path');
      return yield* attach(core, nexus);
    },
    other: ({ sdev }) => change_group(sdev.nexus.unit, 1, { state: 2 }),
    expected: ['EIO running', 'ok running'],
    runs: 150,
    isWhole: false,
  },
];

/** A chooser that a seed decides (a generator of 32 bits). */
const seeded = (seed: number): Chooser => {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
  return { pick: (enabled) => enabled[next(enabled.length)], branch: (_task, step) => next(step.branches) };
};

const worded = (outcome: unknown): string => {
  const { read, state } = Object(outcome) as { read: string; state: string };
  return `${read} ${state}`;
};

const sampled = (program: Program, runs: number): string[] => {
  const seen = new Set<string>();
  for (let seed = 0; seed < runs; seed++) {
    const machine = new Machine({ maxSteps: 100_000 });
    const run = withCurrent(machine, undefined, () => program.make(machine));
    machine.run(seeded(seed));
    seen.add(worded(run.outcome()));
  }
  return [...seen].sort();
};

const short = ({ outcomes }: Exploration): string[] => [...new Set(outcomes.map(({ value }) => worded(value)))].sort();

test.each(cases.map((one) => [one.name, one] as const))(
  '%s: no order of steps loses the read',
  { timeout: 2 * minuteMs },
  (_name, one) => {
    const program = programOf(one);
    const found = explore(program, { maxExecutions: one.runs, races: false });
    expect(found.complete).toBe(one.isWhole);
    expect(found.reports.map(({ report }) => report.message)).toEqual([]);
    expect(found.ends.stuck).toBe(0);
    expect(short(found)).toEqual(one.expected);
    expect(one.expected).toEqual(expect.arrayContaining(sampled(program, 40)));
  },
);
