// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { E, HZ, settle, sysfs_read, sysfs_write, type Steps } from '@libmultipath/driver-kit';
import { modelAttach, modelDetach } from '../model/controllers.js';
import { findHead, modelHead } from '../model/disks.js';
import { modelAwaitRead, modelResultOf, modelStartRead } from '../model/reads.js';
import type { NvmeModelWorld } from '../model/world.js';
import { kernelRun, topologyOf } from '../testing/kernel-run.js';
import { profile_7_3 } from './profiles.js';

const onePath = topologyOf({ controllers: ['c0'], namespaces: [{ nsid: 1 }] });

function* write(world: NvmeModelWorld, text: string): Steps<number> {
  const head = findHead(world);
  if (head === undefined) throw new Error('no head');
  return yield* sysfs_write(head.device.kobj, 'delayed_removal_secs', text);
}

function* attached(world: NvmeModelWorld): Steps<void> {
  yield* modelAttach(world, { controllers: ['c0'] });
  yield* settle();
}

test.each([
  ['5', 1, '5\n'],
  ['0x5', 3, '5\n'],
  ['010\n', 4, '8\n'],
  ['4294967295', 10, '4294967295\n'],
  ['-1', -E.EINVAL, '0\n'],
  [' 6', -E.EINVAL, '0\n'],
  ['x', -E.EINVAL, '0\n'],
  ['4294967296', -E.ERANGE, '0\n'],
])('delayed_removal_secs takes an unsigned number in any base: %j', (text, result, shown) => {
  const { value } = kernelRun(profile_7_3, onePath, function* (world) {
    yield* attached(world);
    const written = yield* write(world, text);
    const head = findHead(world);
    return { written, shown: head === undefined ? '' : yield* sysfs_read(head.device.kobj, 'delayed_removal_secs') };
  });
  expect(value).toEqual({ written: result, shown });
});

test('the head outlives its last path by the seconds that were set', () => {
  const { value, machine } = kernelRun(profile_7_3, onePath, function* (world) {
    yield* attached(world);
    yield* write(world, '4');
    yield* modelDetach(world, { controller: 'c0' });
    yield* modelStartRead(world, { as: 'r', cpu: 0 });
    const before = yield* modelHead(world);
    yield* modelAwaitRead(world, { read: 'r' });
    yield* settle();
    return { before, result: yield* modelResultOf(world, 'r'), after: yield* modelHead(world) };
  });
  expect(value).toMatchObject({ before: { present: true }, result: 'EIO', after: { present: false } });
  expect(machine.clock.jiffies).toBe(4 * HZ);
});

test('writing 0 neither ends the wait nor wakes who waits', () => {
  const { value, machine } = kernelRun(profile_7_3, onePath, function* (world) {
    yield* attached(world);
    yield* write(world, '8');
    yield* modelDetach(world, { controller: 'c0' });
    yield* modelStartRead(world, { as: 'r', cpu: 0 });
    yield* settle();
    yield* write(world, '0');
    const waiting = yield* modelResultOf(world, 'r');
    yield* modelAwaitRead(world, { read: 'r' });
    return { waiting, result: yield* modelResultOf(world, 'r') };
  });
  expect(value).toEqual({ waiting: 'pending', result: 'EIO' });
  expect(machine.clock.jiffies).toBe(8 * HZ);
});

test('the module is held while the removal is pending, and only then', () => {
  const { value } = kernelRun(profile_7_3, onePath, function* (world) {
    yield* attached(world);
    yield* write(world, '4');
    yield* modelDetach(world, { controller: 'c0' });
    const pending = world.core.this_module.refcnt;
    yield* attached(world);
    return [pending, world.core.this_module.refcnt];
  });
  expect(value).toEqual([1, 0]);
});
