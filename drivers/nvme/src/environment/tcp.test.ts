// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, E, msleep, settle, sysfs_read, sysfs_write, type Steps } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { profile_6_1, profile_6_12, profile_7_3 } from '../mainline/profiles.js';
import { detachSlot } from '../model/controllers.js';
import { loseConnection, restoreConnection, stallCommands } from '../model/path-verbs.js';
import { modelAwaitRead, modelPathsOf, modelResultOf, modelStartRead } from '../model/reads.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import { kernelRun, topologyOf, twoPaths } from '../testing/kernel-run.js';
import { anaPaths, attachAll } from '../testing/targets.js';
import { nvme_ctrl_state_names } from './constants.js';
import { nvmfDefaults } from './nvmf-options.js';

const kernels = [profile_6_1, profile_6_12, profile_7_3];
const options = { ctrlLossTmoSecs: 25, reconnectDelaySecs: 10, fastIoFailTmoSecs: -1 };
const onePath = topologyOf({ controllers: ['c0'], namespaces: [{ nsid: 1 }] });

const stateOf = (world: NvmeModelWorld, label: string): string => {
  const { drvdata } = slotOf(world, label);
  return drvdata === null ? 'gone' : (nvme_ctrl_state_names[drvdata.state] ?? '?');
};

function* lossUnderLoad(world: NvmeModelWorld): Steps<void> {
  yield* attachAll(world);
  yield* stallCommands(world, 'c0', true);
  yield* modelStartRead(world, { as: 'r', cpu: 0 });
  yield* settle([]);
  yield* loseConnection(world, 'c0');
  yield* settle([]);
  yield* stallCommands(world, 'c0', false);
}

test.each(kernels)('$name: a lost connection cancels its requests, and the other path serves them', (profile) => {
  const { value, reports } = kernelRun(profile, anaPaths({ fabrics: options }, twoPaths), function* (world) {
    yield* lossUnderLoad(world);
    yield* modelAwaitRead(world, { read: 'r' });
    const during = stateOf(world, 'c0');
    return { during, result: yield* modelResultOf(world, 'r'), paths: yield* modelPathsOf(world, 'r') };
  });
  expect(reports).toEqual([]);
  expect(value).toEqual({ during: 'connecting', result: 'ok', paths: ['c0', 'c1'] });
});

test.each(kernels)('$name: the only connection comes back with the next attempt, and serves what waited', (profile) => {
  const { value, machine, reports } = kernelRun(profile, anaPaths({ fabrics: options }, onePath), function* (world) {
    yield* lossUnderLoad(world);
    yield* settle([]);
    const waiting = yield* modelResultOf(world, 'r');
    yield* restoreConnection(world, 'c0');
    yield* modelAwaitRead(world, { read: 'r' });
    return { waiting, result: yield* modelResultOf(world, 'r'), state: stateOf(world, 'c0') };
  });
  expect(reports).toEqual([]);
  expect(value).toEqual({ waiting: 'pending', result: 'ok', state: 'live' });
  expect(machine.clock.jiffies).toBe(10 * 250);
  expect(machine.log.map(({ text }) => text)).toEqual(
    expect.arrayContaining([
      'nvme nvme0: starting error recovery',
      'nvme nvme0: Reconnecting in 10 seconds...',
      'nvme nvme0: Successfully reconnected (attempt 1/3)',
    ]),
  );
});

test.each(kernels)(
  '$name: after ctrl_loss_tmo, in whole attempts, the controller is removed and its I/O fails',
  (profile) => {
    const { value, machine, reports } = kernelRun(profile, anaPaths({ fabrics: options }, onePath), function* (world) {
      yield* lossUnderLoad(world);
      yield* modelAwaitRead(world, { read: 'r' });
      yield* settle();
      return { result: yield* modelResultOf(world, 'r'), state: stateOf(world, 'c0') };
    });
    expect(reports).toEqual([]);
    expect(value).toEqual({ result: 'EIO', state: 'gone' });
    expect(machine.clock.jiffies).toBe(30 * 250);
    expect(machine.log.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'nvme nvme0: Failed reconnect attempt 3/3',
        'nvme nvme0: Removing controller (-111)...',
        'nvme nvme0: Removing ctrl: NQN "nqn.2019-08.org.qemu:libmultipath"',
      ]),
    );
  },
);

test.each(kernels)(
  '$name: after fast_io_fail_tmo I/O no longer waits for the connection, which comes back later',
  (profile) => {
    const quick = { ...options, ctrlLossTmoSecs: -1, fastIoFailTmoSecs: 5 };
    const { value, machine, reports } = kernelRun(profile, anaPaths({ fabrics: quick }, onePath), function* (world) {
      yield* lossUnderLoad(world);
      yield* modelAwaitRead(world, { read: 'r' });
      const expired = currentMachine().clock.jiffies;
      const failed = yield* modelResultOf(world, 'r');
      yield* restoreConnection(world, 'c0');
      yield* msleep(8_000);
      yield* settle();
      yield* modelStartRead(world, { as: 'again', cpu: 0 });
      yield* modelAwaitRead(world, { read: 'again' });
      return { expired, failed, state: stateOf(world, 'c0'), again: yield* modelResultOf(world, 'again') };
    });
    expect(reports).toEqual([]);
    expect(value).toEqual({ expired: 5 * 250, failed: 'EIO', state: 'live', again: 'ok' });
    expect(machine.log.map(({ text }) => text)).toContain('nvme nvme0: failfast expired');
  },
);

test('a disconnection removes the controller in the state deleting; another path serves', () => {
  const { value, reports } = kernelRun(profile_7_3, anaPaths({ fabrics: nvmfDefaults }), function* (world) {
    yield* attachAll(world);
    yield* detachSlot(slotOf(world, 'c0'));
    yield* modelStartRead(world, { as: 'r', cpu: 0 });
    yield* modelAwaitRead(world, { read: 'r' });
    return { state: stateOf(world, 'c0'), paths: yield* modelPathsOf(world, 'r') };
  });
  expect(reports).toEqual([]);
  expect(value).toEqual({ state: 'gone', paths: ['c1'] });
});

test('a target that cannot be reached leaves no controller', () => {
  const { value } = kernelRun(profile_7_3, anaPaths({ fabrics: nvmfDefaults }), function* (world) {
    yield* loseConnection(world, 'c0');
    yield* attachAll(world);
    return [stateOf(world, 'c0'), stateOf(world, 'c1')];
  });
  expect(value).toEqual(['gone', 'live']);
});

test('the times are read and written as sysfs has them', () => {
  const { value } = kernelRun(profile_7_3, anaPaths({ fabrics: options }), function* (world) {
    yield* attachAll(world);
    const kobj = slotOf(world, 'c0').drvdata?.device.kobj;
    if (kobj === undefined) throw new Error('no controller');
    const shown = [];
    for (const name of ['ctrl_loss_tmo', 'reconnect_delay', 'fast_io_fail_tmo'])
      shown.push(yield* sysfs_read(kobj, name));
    const written = [
      yield* sysfs_write(kobj, 'ctrl_loss_tmo', '-1'),
      yield* sysfs_write(kobj, 'ctrl_loss_tmo', 'off'),
      yield* sysfs_write(kobj, 'fast_io_fail_tmo', '7\n'),
      yield* sysfs_write(kobj, 'reconnect_delay', '-1'),
    ];
    shown.push(yield* sysfs_read(kobj, 'ctrl_loss_tmo'), yield* sysfs_read(kobj, 'fast_io_fail_tmo'));
    return { shown, written };
  });
  expect(value).toEqual({
    shown: ['30\n', '10\n', 'off\n', 'off\n', '7\n'],
    written: [2, -E.EINVAL, 2, -E.EINVAL],
  });
});
