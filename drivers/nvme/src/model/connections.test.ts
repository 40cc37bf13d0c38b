// SPDX-License-Identifier: GPL-2.0-only
import { settle, sysfs_read, sysfs_write } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { profile_6_1, profile_6_12, profile_7_3 } from '../mainline/profiles.js';
import { kernelRun, topologyOf } from '../testing/kernel-run.js';
import { modelResizeNamespace, modelSetBackend } from './backends.js';
import { modelAwaitAnatt, modelAwaitFailfast, modelAwaitLoss, modelTargetOff, modelTargetOn } from './connections.js';
import { modelHead, modelPaths } from './disks.js';
import { modelAwaitRead, modelPathsOf, modelRead, modelResultOf, modelStartRead } from './reads.js';
import { modelEntered } from './states.js';
import { modelSetAna } from './target.js';
import { slotOf, type NvmeModelWorld } from './world.js';

const kernels = [profile_6_1, profile_6_12, profile_7_3];
const c0 = { controller: 'c0' };
const over = (controllers: readonly string[], mapped = false) =>
  topologyOf({
    transport: 'tcp',
    controllers,
    namespaces: [{ nsid: 1, ...(mapped ? { mapped } : {}) }],
    attached: controllers,
  });
const read = (as: string) => ({ as, cpu: 0, count: 1, through: undefined });

function* write(world: NvmeModelWorld, name: string, value: string) {
  const kobj = slotOf(world, 'c0').drvdata?.device.kobj;
  if (kobj !== undefined) yield* sysfs_write(kobj, name, value);
}

test.each(kernels)('$name: a target that comes back in time gives its path back', (profile) => {
  const { value, reports } = kernelRun(profile, over(['c0', 'c1']), function* (world) {
    yield* modelTargetOff(world, c0);
    yield* modelRead(world, read('r1'));
    yield* modelTargetOn(world, c0);
    yield* modelRead(world, read('r2'));
    const kobj = slotOf(world, 'c0').drvdata?.device.kobj;
    return {
      entered: yield* modelEntered(world, 'c0'),
      paths: [yield* modelPathsOf(world, 'r1'), yield* modelPathsOf(world, 'r2')],
      count: kobj === undefined ? undefined : yield* sysfs_read(kobj, 'diag/reconnect_count'),
    };
  });
  expect(reports).toEqual([]);
  expect(value).toEqual({
    entered: ['connecting', 'live', 'resetting', 'connecting', 'live'],
    paths: [['c1'], ['c0']],
    count: profile === profile_7_3 ? '1\n' : -2,
  });
});

test.each(kernels)(
  '$name: what waits fails when the time for it is over, and the controller goes on trying',
  (profile) => {
    const { value } = kernelRun(profile, over(['c0']), function* (world) {
      yield* write(world, 'fast_io_fail_tmo', '1');
      yield* modelTargetOff(world, c0);
      yield* modelStartRead(world, { as: 'r1', cpu: 0 });
      yield* modelAwaitFailfast(world, c0);
      yield* modelAwaitRead(world, { read: 'r1' });
      return { result: yield* modelResultOf(world, 'r1'), last: yield* modelEntered(world, 'c0') };
    });
    expect(value).toEqual({ result: 'EIO', last: ['connecting', 'live', 'resetting', 'connecting'] });
  },
);

test.each(kernels)('$name: a controller that is given up takes the head with it', (profile) => {
  const { value } = kernelRun(profile, over(['c0']), function* (world) {
    yield* write(world, 'reconnect_delay', '1');
    yield* write(world, 'ctrl_loss_tmo', '2');
    yield* modelTargetOff(world, c0);
    yield* modelAwaitLoss(world, c0);
    return { head: yield* modelHead(world), orphan: world.core.journal.isOrphan };
  });
  expect(value).toEqual({ head: { present: false }, orphan: true });
});

test.each(kernels)('$name: a group that changes for too long has its controller reset', (profile) => {
  const { value, machine } = kernelRun(profile, over(['c0', 'c1']), function* (world) {
    yield* modelSetAna(world, { controller: 'c0', group: 1, state: 'change' });
    yield* modelAwaitAnatt(world, c0);
    return yield* modelEntered(world, 'c0');
  });
  expect(value).toEqual(['connecting', 'live', 'resetting', 'connecting', 'live']);
  expect(machine.clock.jiffies).toBeGreaterThanOrEqual(2 * 10 * 250);
});

test.each(kernels)('$name: an error of the disk ends a read where it was sent; a blocked one keeps it', (profile) => {
  const { value } = kernelRun(profile, over(['c0', 'c1'], true), function* (world) {
    yield* modelSetBackend(world, { nsid: 1, state: 'failing' });
    yield* modelRead(world, read('r1'));
    yield* modelSetBackend(world, { nsid: 1, state: 'blocked' });
    yield* modelStartRead(world, { as: 'r2', cpu: 0 });
    yield* settle([]);
    const during = yield* modelResultOf(world, 'r2');
    yield* modelSetBackend(world, { nsid: 1, state: 'serving' });
    yield* modelAwaitRead(world, { read: 'r2' });
    const results = [yield* modelResultOf(world, 'r1'), during, yield* modelResultOf(world, 'r2')];
    return { results, paths: yield* modelPathsOf(world, 'r1') };
  });
  expect(value).toEqual({ results: ['EIO', 'pending', 'ok'], paths: ['c0'] });
});

test.each(kernels)('$name: the head has the size of its namespace', (profile) => {
  const { value } = kernelRun(profile, over(['c0', 'c1'], true), function* (world) {
    yield* modelResizeNamespace(world, { nsid: 1, sizeMiB: 96 });
    return yield* modelHead(world);
  });
  expect(value).toMatchObject({ present: true, sizeMiB: 96 });
});

test('words for targets name what they need', () => {
  const pci = topologyOf({ controllers: ['c0'], namespaces: [{ nsid: 1 }], attached: ['c0'] });
  const run = (what: typeof modelTargetOff) => () => kernelRun(profile_7_3, pci, (world) => what(world, c0));
  expect(run(modelTargetOff)).toThrow('emulated controller');
  expect(run((world) => modelSetBackend(world, { nsid: 1, state: 'failing' }))).toThrow('mapped');
});

test('without multipath there is no head, and a path is named by its controller', () => {
  const off = topologyOf({
    controllers: ['c0', 'c1'],
    namespaces: [{ nsid: 1 }],
    attached: ['c0', 'c1'],
    multipath: false,
  });
  const { value, machine } = kernelRun(profile_7_3, off, function* (world) {
    return { head: yield* modelHead(world), paths: yield* modelPaths(world) };
  });
  expect(value).toMatchObject({ head: { present: false }, paths: { c1: { name: 'nvme<C>n1', hidden: false } } });
  expect(machine.log.map(({ text }) => text).join('\n')).toContain('but multipathing not supported.');
});
