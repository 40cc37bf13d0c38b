// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { E, settle, sysfs_read, sysfs_write, type Steps } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { profile_6_1, profile_6_12, profile_7_2, profile_7_3, type MainlineProfile } from '../mainline/profiles.js';
import { modelHead } from '../model/disks.js';
import {
  beginReset,
  breakDevice,
  endReset,
  loseConnection,
  stallCommands,
  surpriseRemove,
} from '../model/path-verbs.js';
import { modelSetIopolicy } from '../model/policy.js';
import { modelAwaitRead, modelPathsOf, modelRead, modelResultOf, modelStartRead } from '../model/reads.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import { headOfPaths } from '../testing/head-of-paths.js';
import { kernelRun, topologyOf, twoPaths } from '../testing/kernel-run.js';
import type { NvmeTopology } from '../topology.js';
import { anaPaths, attachAll, pathAt } from '../testing/targets.js';
import { nvme_ctrl_state_names } from './constants.js';
import { isLegalMove, nvme_change_ctrl_state } from './ctrl-state.js';
import { nvmfDefaults } from './nvmf-options.js';
import { nvme_quiesce_io_queues } from './quiesce.js';
import { nvme_reset_ctrl_sync } from './reset-ctrl.js';

const kernels = [profile_6_1, profile_6_12, profile_7_2, profile_7_3];
const onePath = topologyOf({ controllers: ['c0'], namespaces: [{ nsid: 1 }] });

const stateOf = (world: NvmeModelWorld, label: string): string => {
  const { drvdata } = slotOf(world, label);
  return drvdata === null ? 'gone' : (nvme_ctrl_state_names[drvdata.state] ?? '?');
};

test('any sequence of asked-for states goes through exactly the legal ones', () => {
  const [states] = [nvme_ctrl_state_names.length];
  fc.assert(
    fc.property(fc.nat(states - 1), fc.array(fc.nat(states - 1), { maxLength: 12 }), (first, asked) => {
      const { value } = kernelRun(profile_7_3, twoPaths, function* (world) {
        const start = { state: first, flags: 0, ana: 0, node: -1, depth: 0 };
        const { list } = yield* headOfPaths(world, profile_7_3.parts, 0, [start]);
        const [ns] = list;
        if (ns === undefined) throw new Error('no path');
        const seen: number[] = [];
        for (const state of asked) {
          yield* nvme_change_ctrl_state(ns.ctrl, state);
          seen.push(ns.ctrl.state);
        }
        return seen;
      });
      let now = first;
      expect(value).toEqual(asked.map((state) => (now = isLegalMove(now, state) ? state : now)));
    }),
    { numRuns: 60 },
  );
});

test.each(kernels)(
  '$name: a reset of one path cancels what is in flight there, and the other path serves it',
  (profile) => {
    const { value, reports } = kernelRun(profile, twoPaths, function* (world) {
      yield* attachAll(world);
      yield* stallCommands(world, 'c0', true);
      yield* modelStartRead(world, { as: 'r', cpu: 0 });
      yield* settle([]);
      const begun = yield* beginReset(world, 'c0');
      yield* modelAwaitRead(world, { read: 'r' });
      const during = stateOf(world, 'c0');
      yield* stallCommands(world, 'c0', false);
      yield* endReset(world, 'c0');
      yield* settle();
      yield* modelRead(world, { as: 'again', cpu: 0, count: 1, through: undefined });
      const paths = [yield* modelPathsOf(world, 'r'), yield* modelPathsOf(world, 'again')];
      return { begun, during, after: stateOf(world, 'c0'), result: yield* modelResultOf(world, 'r'), paths };
    });
    expect(reports).toEqual([]);
    expect(value).toEqual({
      begun: 0,
      during: 'resetting',
      after: 'live',
      result: 'ok',
      paths: [['c0', 'c1'], [expect.any(String)]],
    });
  },
);

test.each(kernels)('$name: a reset of the only path lets its I/O wait, and fails none', (profile) => {
  const { value, reports } = kernelRun(profile, onePath, function* (world) {
    yield* attachAll(world);
    yield* stallCommands(world, 'c0', true);
    for (const as of ['a', 'b']) yield* modelStartRead(world, { as, cpu: 0 });
    yield* settle([]);
    yield* beginReset(world, 'c0');
    yield* modelStartRead(world, { as: 'c', cpu: 0 });
    yield* settle([]);
    const waiting = [];
    for (const as of ['a', 'b', 'c']) waiting.push(yield* modelResultOf(world, as));
    yield* stallCommands(world, 'c0', false);
    yield* endReset(world, 'c0');
    const results = [];
    for (const as of ['a', 'b', 'c']) {
      yield* modelAwaitRead(world, { read: as });
      results.push(yield* modelResultOf(world, as));
    }
    return { waiting, results };
  });
  expect(reports).toEqual([]);
  expect(value).toEqual({ waiting: ['pending', 'pending', 'pending'], results: ['ok', 'ok', 'ok'] });
});

test('reset_controller waits for the end; a reset that is under way is EBUSY', () => {
  const { value } = kernelRun(profile_7_3, onePath, function* (world) {
    yield* attachAll(world);
    const kobj = slotOf(world, 'c0').drvdata?.device.kobj;
    if (kobj === undefined) throw new Error('no controller');
    const first = yield* sysfs_write(kobj, 'reset_controller', '1');
    const state = yield* sysfs_read(kobj, 'state');
    yield* beginReset(world, 'c0');
    const second = yield* sysfs_write(kobj, 'reset_controller', '1');
    const count = yield* sysfs_read(kobj, 'diag/reset_count');
    const during = yield* sysfs_read(kobj, 'state');
    yield* endReset(world, 'c0');
    yield* settle();
    return { first, state, second, during, count };
  });
  expect(value).toEqual({ first: 1, state: 'live\n', second: -E.EBUSY, during: 'resetting\n', count: '2\n' });
});

const failedReset = (profile: MainlineProfile) =>
  kernelRun(profile, onePath, function* (world) {
    yield* attachAll(world);
    yield* stallCommands(world, 'c0', true);
    yield* modelStartRead(world, { as: 'r', cpu: 0 });
    yield* settle([]);
    yield* beginReset(world, 'c0');
    yield* breakDevice(world, 'c0');
    yield* modelAwaitRead(world, { read: 'r' });
    yield* settle();
    const { present } = (yield* modelHead(world)) as { present: boolean };
    return { state: stateOf(world, 'c0'), present, result: yield* modelResultOf(world, 'r') };
  });

test.each([profile_6_12, profile_7_3])(
  '$name: a controller that does not come back is dead, and stays bound',
  (profile) => {
    const { value, machine } = failedReset(profile);
    expect(value).toEqual({ state: 'dead', present: true, result: 'EIO' });
    expect(machine.log.map(({ text }) => text)).toContain('nvme nvme0: Disabling device after reset failure: -19');
  },
);

test('6.1: a controller that does not come back is unbound', () => {
  const { value, machine } = failedReset(profile_6_1);
  expect(value).toEqual({ state: 'gone', present: false, result: 'EIO' });
  expect(machine.log.map(({ text }) => text)).toContain('nvme nvme0: Removing after probe failure status: -19');
});

const vanishing = function* (world: NvmeModelWorld): Steps<unknown> {
  yield* attachAll(world);
  yield* stallCommands(world, 'c0', true);
  yield* modelStartRead(world, { as: 'r', cpu: 0 });
  yield* settle([]);
  yield* surpriseRemove(world, 'c0');
  yield* modelAwaitRead(world, { read: 'r' });
  return { result: yield* modelResultOf(world, 'r'), paths: yield* modelPathsOf(world, 'r') };
};

test.each(kernels)('$name: a function that vanishes cancels its requests; another path serves them', (profile) => {
  const { value, reports } = kernelRun(profile, twoPaths, vanishing);
  expect(reports).toEqual([]);
  expect(value).toEqual({ result: 'ok', paths: ['c0', 'c1'] });
});

test.each(kernels)(
  '$name: the last function that vanishes fails what waits, and can be plugged in again',
  (profile) => {
    const { value, reports } = kernelRun(profile, onePath, function* (world) {
      const gone = yield* vanishing(world);
      yield* settle();
      yield* attachAll(world);
      yield* modelRead(world, { as: 'fresh', cpu: 0, count: 1, through: undefined });
      return { gone, fresh: yield* modelResultOf(world, 'fresh'), state: pathAt(world, 'c0').ctrl.state };
    });
    expect(reports).toEqual([]);
    expect(value).toEqual({ gone: { result: 'EIO', paths: ['c0'] }, fresh: 'ok', state: 1 });
  },
);

/** What is left of a count of 5 after a reset. */
const countAfterReset = (profile: MainlineProfile, topology: NvmeTopology): number | undefined =>
  kernelRun(profile, topology, function* (world) {
    yield* attachAll(world, ['c0']);
    const ctrl = slotOf(world, 'c0').drvdata;
    if (ctrl === null) throw new Error('no controller');
    ctrl.nr_active.counter = 5;
    yield* nvme_reset_ctrl_sync(ctrl);
    yield* settle();
    return ctrl.nr_active.counter;
  }).value;

test('a reset begins the count for queue-depth anew where there is ANA, and only there', () => {
  expect(countAfterReset(profile_7_3, anaPaths())).toBe(0);
  expect(countAfterReset(profile_7_3, twoPaths)).toBe(5);
  expect(countAfterReset(profile_6_1, anaPaths())).toBe(5);
});

test.each(kernels)(
  '$name: what the queues of a vanishing function keep back ends with EIO, although another path is there',
  (profile) => {
    const { value, reports } = kernelRun(profile, twoPaths, function* (world) {
      yield* attachAll(world);
      if (profile.features.has('queue-depth')) yield* modelSetIopolicy(world, { policy: 'queue-depth' });
      const ctrl = slotOf(world, 'c0').drvdata;
      if (ctrl === null) throw new Error('no controller');
      yield* nvme_quiesce_io_queues(ctrl);
      yield* modelStartRead(world, { as: 'r', cpu: 0 });
      yield* settle([]);
      const { nr_active } = ctrl;
      yield* surpriseRemove(world, 'c0');
      yield* modelAwaitRead(world, { read: 'r' });
      const { counter } = nr_active;
      return { counter, result: yield* modelResultOf(world, 'r'), paths: yield* modelPathsOf(world, 'r') };
    });
    expect(reports).toEqual([]);
    expect(value).toEqual({ counter: 0, result: 'EIO', paths: ['c0'] });
  },
);

test('of a lost connection they go back to the head', () => {
  const { value } = kernelRun(profile_7_3, anaPaths({ fabrics: nvmfDefaults }), function* (world) {
    yield* attachAll(world);
    const ctrl = slotOf(world, 'c0').drvdata;
    if (ctrl === null) throw new Error('no controller');
    yield* nvme_quiesce_io_queues(ctrl);
    yield* modelStartRead(world, { as: 'r', cpu: 0 });
    yield* settle([]);
    yield* loseConnection(world, 'c0');
    yield* modelAwaitRead(world, { read: 'r' });
    return { result: yield* modelResultOf(world, 'r'), paths: yield* modelPathsOf(world, 'r') };
  });
  expect(value).toEqual({ result: 'ok', paths: ['c0', 'c1'] });
});
