// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { Machine, settle, withCurrent, type Chooser, type Steps } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { mainline_multipath } from '../mainline/multipath.js';
import { profile_6_1, profile_6_12, profile_7_3, type MainlineProfile } from '../mainline/profiles.js';
import { loseConnection, restoreConnection, setAnaState, setCapacity } from '../model/path-verbs.js';
import { modelAwaitRead, modelResultOf, modelStartRead } from '../model/reads.js';
import { makeNvmeWorld, slotOf, type NvmeModelWorld } from '../model/world.js';
import { topologyOf } from '../testing/kernel-run.js';
import { scheduleOf } from '../testing/random-schedule.js';
import { anaPaths, attachAll } from '../testing/targets.js';
import { numaOf, type NvmeTopology } from '../topology.js';
import { NVME_ANA_INACCESSIBLE, NVME_ANA_OPTIMIZED } from './constants.js';
import { nvmfDefaults } from './nvmf-options.js';
import { nvme_reset_ctrl_sync } from './reset-ctrl.js';

const kernels = [profile_6_1, profile_6_12, profile_7_3];
const onePath = topologyOf({ controllers: ['c0'], namespaces: [{ nsid: 1 }] });

interface End {
  readonly result: unknown;
  readonly reports: readonly string[];
}

/** How one read ends, while something happens to the only path. */
const readBeside = (
  profile: MainlineProfile,
  topology: NvmeTopology,
  schedule: Chooser,
  happens: (world: NvmeModelWorld) => Steps<void>,
): End => {
  const machine = new Machine({ numa: numaOf(topology), maxSteps: 20_000 });
  const world = withCurrent(machine, undefined, () =>
    makeNvmeWorld(topology, profile.environment, mainline_multipath(profile.parts)),
  );
  let result: unknown = 'never ended';
  const task = machine.spawn('scenario', function* () {
    yield* attachAll(world);
    yield* modelStartRead(world, { as: 'r', cpu: 0 });
    yield* happens(world);
    yield* modelAwaitRead(world, { read: 'r' });
    yield* settle();
    result = yield* modelResultOf(world, 'r');
  });
  machine.run(schedule, () => task.done);
  return { result, reports: machine.reports.map(({ message }) => message) };
};

const schedules = fc
  .array(fc.tuple(fc.nat(40), fc.nat(5)), { minLength: 5, maxLength: 80 })
  .map((switches) => ({ switches, chooser: () => scheduleOf(switches) }));

interface Happening {
  readonly what: string;
  readonly topology: NvmeTopology;
  readonly happens: (world: NvmeModelWorld) => Steps<void>;
}

const happenings: readonly Happening[] = [
  {
    what: 'a reset',
    topology: onePath,
    *happens(world) {
      const { drvdata } = slotOf(world, 'c0');
      if (drvdata !== null) yield* nvme_reset_ctrl_sync(drvdata);
    },
  },
  {
    what: 'a group that goes and comes back',
    topology: anaPaths({}, onePath),
    *happens(world) {
      yield* setAnaState(world, 'c0', 1, NVME_ANA_INACCESSIBLE);
      yield* setAnaState(world, 'c0', 1, NVME_ANA_OPTIMIZED);
    },
  },
  {
    what: 'a connection that is lost and found',
    topology: anaPaths({ fabrics: nvmfDefaults }, onePath),
    *happens(world) {
      yield* loseConnection(world, 'c0');
      yield* restoreConnection(world, 'c0');
    },
  },
  {
    what: 'a size that changes',
    topology: anaPaths({}, onePath),
    happens: (world) => setCapacity(world, 1, 128 * 2_048),
  },
];

const cases = happenings.flatMap((happening) => kernels.map((profile) => ({ ...happening, profile })));

test.each(cases)('$profile.name: over random schedules $what loses no read', ({ profile, topology, happens }) => {
  fc.assert(
    fc.property(schedules, ({ chooser }) => {
      expect(readBeside(profile, topology, chooser(), happens)).toEqual({ result: 'ok', reports: [] });
    }),
    { numRuns: 20 },
  );
});
