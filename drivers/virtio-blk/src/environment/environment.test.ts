// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_open,
  bdev_release,
  get_capacity,
  READ_ONCE,
  REQ_OP_READ,
  settle,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { deviceOf, type VirtioModelWorld } from '../model/world.js';
import { transfer } from '../model/transfer.js';
import { virtioRun } from '../testing/virtio-run.js';
import { device_attach, device_release_driver } from './bus.js';
import { change_capacity } from './config-change.js';
import { virtblk_freeze, virtblk_restore, virtio_break_device } from './freeze.js';
import { virtblk_name } from './probe.js';
import { virtblk_result, VIRTIO_BLK_S_IOERR, VIRTIO_BLK_S_OK, VIRTIO_BLK_S_UNSUPP } from './status.js';

const head = ({ core }: VirtioModelWorld): gendisk => {
  const disk = core.mpath.head_disk();
  if (disk === undefined) throw new Error('no multipath disk');
  return disk;
};

function* attach(world: VirtioModelWorld, ...labels: string[]): Steps<void> {
  for (const label of labels) yield* device_attach(world.core, deviceOf(world, label));
  yield* settle();
}

test.each([
  [VIRTIO_BLK_S_OK, 'BLK_STS_OK'],
  [VIRTIO_BLK_S_IOERR, 'BLK_STS_IOERR'],
  [VIRTIO_BLK_S_UNSUPP, 'BLK_STS_NOTSUPP'],
  [77, 'BLK_STS_IOERR'],
])('status %i of the device is %s', (status, expected) => {
  expect(virtblk_result(status)).toBe(expected);
});

it('names disks as the kernel does, each index another way', () => {
  expect([0, 25, 26, 51, 52, 701, 702].map(virtblk_name)).toEqual([
    'vda',
    'vdz',
    'vdaa',
    'vdaz',
    'vdba',
    'vdzz',
    'vdaaa',
  ]);
  fc.assert(
    fc.property(fc.nat(20_000), fc.nat(20_000), (a, b) => {
      expect(virtblk_name(a) === virtblk_name(b)).toBe(a === b);
    }),
  );
});

it('a broken device takes no request: another path has it', () => {
  const { value, reports } = virtioRun(function* (world) {
    yield* attach(world, 'p0', 'p1');
    yield* virtio_break_device(deviceOf(world, 'p0'));
    const { result } = yield* transfer(head(world), REQ_OP_READ, 64);
    return { result, issued: world.core.journal.issued.get(64) };
  });
  expect(value).toEqual({ result: 'ok', issued: ['p1'] });
  expect(reports).toEqual([]);
});

it('UNSUPP is no error of the path: the reader hears of it at once', () => {
  const { value } = virtioRun(function* (world) {
    yield* attach(world, 'p0', 'p1');
    deviceOf(world, 'p0').nextStatus.push(VIRTIO_BLK_S_UNSUPP);
    return (yield* transfer(head(world), REQ_OP_READ, 64)).result;
  });
  expect(value).toBe('EOPNOTSUPP');
});

it('a change of the size goes through the work to the path and to the multipath disk', () => {
  const { value, reports } = virtioRun(function* (world) {
    yield* attach(world, 'p0');
    const p0 = deviceOf(world, 'p0');
    yield* change_capacity(world.core, p0, 4_096);
    yield* settle();
    const vblk = yield* READ_ONCE(p0, 'priv');
    return [yield* get_capacity(vblk?.disk ?? null), yield* get_capacity(head(world))];
  });
  expect(value).toEqual([4_096, 4_096]);
  expect(reports).toEqual([]);
});

it('after the driver has let go nobody hears of a change of the size', () => {
  const { value, reports } = virtioRun(function* (world) {
    yield* attach(world, 'p0', 'p1');
    yield* device_release_driver(world.core, deviceOf(world, 'p0'));
    yield* change_capacity(world.core, deviceOf(world, 'p0'), 4_096);
    yield* settle();
    return yield* get_capacity(head(world));
  });
  expect(value).toBe(64 * 2_048);
  expect(reports).toEqual([]);
});

it('what is submitted while a device is frozen is done after it is restored', () => {
  const { value } = virtioRun(function* (world) {
    yield* attach(world, 'p0');
    const vblk = yield* READ_ONCE(deviceOf(world, 'p0'), 'priv');
    if (vblk === null) throw new Error('not attached');
    yield* virtblk_freeze(vblk);
    yield* virtblk_restore(vblk);
    return (yield* transfer(head(world), REQ_OP_READ, 64)).result;
  });
  expect(value).toBe('ok');
});

it('the memory of a disk goes with its removal, and the head with the last one, when nobody has it open', () => {
  const { value, reports } = virtioRun(function* (world) {
    yield* attach(world, 'p0', 'p1');
    yield* bdev_open(head(world));
    yield* bdev_release(head(world));
    for (const label of ['p0', 'p1']) yield* device_release_driver(world.core, deviceOf(world, label));
    return world.core.mpath.head_disk();
  });
  expect(value).toBeUndefined();
  expect(reports).toEqual([]);
});
