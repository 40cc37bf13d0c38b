// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_open,
  BLK_UID_EUI64,
  blkdev_ioctl,
  CAP_SYS_ADMIN,
  complete,
  completion,
  currentMachine,
  disk_get_unique_id,
  E,
  FMODE_READ,
  FMODE_WRITE,
  fput,
  HDIO_GETGEO,
  IOC_PR_READ_KEYS,
  IOC_PR_REGISTER,
  IOC_PR_RESERVE,
  io_uring_submit_cmd,
  io_uring_wait_cqe,
  settle,
  vfs_ioctl,
  wait_for_completion,
  withoutCapabilities,
  type capability,
  type file,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import * as c from '../environment/constants.js';
import { noIds } from '../environment/ns-ids.js';
import { attachSlot } from '../model/attach-slot.js';
import { detachSlot } from '../model/controllers.js';
import { findHead } from '../model/disks.js';
import { beginReset, endReset, failNextCommand, stallCommands } from '../model/path-verbs.js';
import { modelSetIopolicy } from '../model/policy.js';
import { modelAwaitRead, modelResultOf, modelStartRead } from '../model/reads.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import { NVME_IOCTL_PARTITION } from '../passthrough/allowed.js';
import * as n from '../passthrough/numbers.js';
import { PR_STS_IOERR, PR_STS_PATH_FAILED } from '../passthrough/pr.js';
import { kernelRun, topologyOf, twoPaths } from '../testing/kernel-run.js';
import { anaPaths, attachAll, pathAt } from '../testing/targets.js';
import { open_head_chr } from './head-chr.js';
import { head_ioctl } from './head-operations.js';
import { head_from, type nvme_ns_head } from './nvme-ns-head.js';
import { path_of } from './nvme-ns.js';
import { profile_6_1, profile_6_12, profile_7_2, profile_7_3, type MainlineProfile } from './profiles.js';

const kernels = [profile_6_1, profile_6_12, profile_7_2, profile_7_3];

const disk = (world: NvmeModelWorld): gendisk => {
  const found = findHead(world);
  if (found === undefined) throw new Error('no head');
  return found;
};

const headAt = (world: NvmeModelWorld): nvme_ns_head => {
  const { head } = path_of(pathAt(world, [...world.slots.keys()][0] ?? ''));
  if (head === null) throw new Error('no head');
  return head_from(head);
};

function* opened(world: NvmeModelWorld, mode: number): Steps<file> {
  const f = yield* open_head_chr(headAt(world), mode);
  if (typeof f === 'number') throw new Error(`open: ${String(f)}`);
  return f;
}

/** Runs in a task that has only these capabilities. */
function* as<T>(capabilities: ReadonlySet<capability>, body: () => Steps<T>): Steps<T> {
  const done = new completion();
  const got: T[] = [];
  currentMachine().spawn(
    'user',
    function* () {
      got.push(yield* body());
      yield* complete(done);
    },
    { capabilities },
  );
  yield* wait_for_completion(done);
  const [value] = got;
  if (value === undefined) throw new Error('nothing');
  return value;
}

const anybody = withoutCapabilities(CAP_SYS_ADMIN);
const read = { opcode: n.nvme_cmd_read, nsid: 1 };
const write = { opcode: n.nvme_cmd_write, nsid: 1, data: 'x' };

test.each(kernels)(
  '$name: a head without a path for it says EAGAIN, to a ring EINVAL, and waits for none',
  (profile) => {
    const { value } = kernelRun(profile, twoPaths, function* (world) {
      yield* attachAll(world);
      const f = yield* opened(world, FMODE_READ | FMODE_WRITE);
      for (const label of ['c0', 'c1']) yield* beginReset(world, label);
      yield* settle();
      const ioctls = [
        yield* blkdev_ioctl(disk(world), n.NVME_IOCTL_ID, 0),
        yield* vfs_ioctl(f, n.NVME_IOCTL_ID, 0),
        yield* vfs_ioctl(f, n.NVME_IOCTL_ADMIN_CMD, { opcode: n.nvme_admin_identify }),
        yield* blkdev_ioctl(disk(world), IOC_PR_REGISTER, { old_key: 0, new_key: 1, flags: 0 }),
      ];
      const ring = yield* io_uring_wait_cqe(yield* io_uring_submit_cmd(f, n.NVME_URING_CMD_IO, read));
      for (const label of ['c0', 'c1']) yield* endReset(world, label);
      yield* fput(f);
      yield* settle();
      return { ioctls, ring };
    });
    expect(value).toEqual({ ioctls: [-E.EAGAIN, -E.EAGAIN, -E.EAGAIN, -E.EAGAIN], ring: -E.EINVAL });
  },
);

test.each(kernels)('$name: the namespace id, the geometry and data pass through the head', (profile) => {
  const { value } = kernelRun(profile, twoPaths, function* (world) {
    yield* attachAll(world);
    const f = yield* opened(world, FMODE_READ | FMODE_WRITE);
    const geo = {};
    const back = { ...read, data: '' };
    const results = [
      yield* vfs_ioctl(f, n.NVME_IOCTL_ID, 0),
      yield* blkdev_ioctl(disk(world), HDIO_GETGEO, geo),
      yield* vfs_ioctl(f, n.NVME_IOCTL_IO64_CMD, write),
      yield* io_uring_wait_cqe(yield* io_uring_submit_cmd(f, n.NVME_URING_CMD_IO, back)),
    ];
    yield* fput(f);
    return { results, geo, data: back.data };
  });
  expect(value).toEqual({
    results: [1, 0, 0, 0],
    geo: { heads: 64, sectors: 32, cylinders: 64, start: 0 },
    data: 'x',
  });
});

/** Results of somebody without CAP_SYS_ADMIN, who has the device open for reading or for writing. */
const asAnybody = (profile: MainlineProfile, mode: number): readonly number[] =>
  kernelRun(profile, twoPaths, function* (world) {
    yield* attachAll(world);
    const f = yield* opened(world, mode);
    return yield* as(anybody, function* () {
      return [
        yield* vfs_ioctl(f, n.NVME_IOCTL_IO_CMD, read),
        yield* vfs_ioctl(f, n.NVME_IOCTL_IO64_CMD, write),
        yield* vfs_ioctl(f, n.NVME_IOCTL_SUBMIT_IO, write),
        yield* vfs_ioctl(f, n.NVME_IOCTL_ADMIN_CMD, { opcode: n.nvme_admin_identify, cdw10: 1 }),
        yield* vfs_ioctl(f, n.NVME_IOCTL_IO64_CMD, { opcode: 0x90, nsid: 1 }),
      ];
    });
  }).value;

test('who is not root: 6.1 refuses all but SUBMIT_IO, 6.12 looks at the command and the open mode, 7.x at SUBMIT_IO too', () => {
  const [no, ok] = [-E.EACCES, 0];
  expect(asAnybody(profile_6_1, FMODE_READ | FMODE_WRITE)).toEqual([no, no, ok, no, no]);
  expect(asAnybody(profile_6_12, FMODE_READ)).toEqual([ok, no, ok, ok, no]);
  expect(asAnybody(profile_7_3, FMODE_READ)).toEqual([ok, no, no, ok, no]);
  expect(asAnybody(profile_7_3, FMODE_READ | FMODE_WRITE)).toEqual([ok, ok, ok, ok, no]);
});

const onPartition = (profile: MainlineProfile): readonly number[] =>
  kernelRun(profile, twoPaths, function* (world) {
    yield* attachAll(world);
    return yield* as(anybody, function* () {
      const results: number[] = [];
      for (const cmd of [n.NVME_IOCTL_IO_CMD, n.NVME_IOCTL_IO64_CMD, n.NVME_IOCTL_SUBMIT_IO, n.NVME_IOCTL_ADMIN_CMD]) {
        const arg = cmd === n.NVME_IOCTL_ADMIN_CMD ? { opcode: n.nvme_admin_identify } : read;
        results.push(yield* head_ioctl(headAt(world), cmd, arg, NVME_IOCTL_PARTITION, true));
      }
      return results;
    });
  }).value;

test('on a partition only some ioctls are root’s', () => {
  const [no, ok] = [-E.EACCES, 0];
  expect(onPartition(profile_6_12)).toEqual([ok, no, ok, ok]);
  expect(onPartition(profile_7_3)).toEqual([ok, no, no, ok]);
});

test('features that the driver sets itself are refused to root since 7.2', () => {
  const set = (profile: MainlineProfile): readonly number[] =>
    kernelRun(profile, twoPaths, function* (world) {
      yield* attachAll(world);
      const f = yield* opened(world, FMODE_READ | FMODE_WRITE);
      const results: number[] = [];
      for (const cdw10 of [0x16, 0x0d, 0x07, 0x0c, n.NVME_FEAT_KATO, 0x06]) {
        results.push(yield* vfs_ioctl(f, n.NVME_IOCTL_ADMIN_CMD, { opcode: n.nvme_admin_set_features, cdw10 }));
      }
      return results;
    }).value;
  // A number of queues is taken but once: the device says that it comes too late.
  const late = c.NVME_SC_CMD_SEQ_ERROR | c.NVME_STATUS_DNR;
  expect(set(profile_6_12)).toEqual([0, 0, late, 0, 0, 0]);
  expect(set(profile_7_2)).toEqual([...Array.from({ length: 5 }, () => -E.EACCES), 0]);
});

const reserve = (profile: MainlineProfile, status: number): number =>
  kernelRun(profile, twoPaths, function* (world) {
    yield* attachAll(world);
    yield* blkdev_ioctl(disk(world), IOC_PR_REGISTER, { old_key: 0, new_key: 7, flags: 0 });
    yield* failNextCommand(world, 'c0', status | c.NVME_STATUS_DNR);
    return yield* blkdev_ioctl(disk(world), IOC_PR_RESERVE, { key: 7, type: 1, flags: 0 });
  }).value;

test('what a reservation gives: 6.1 the status itself, later kernels a PR_STS or an errno', () => {
  expect(reserve(profile_6_1, c.NVME_SC_RESERVATION_CONFLICT)).toBe(c.NVME_SC_RESERVATION_CONFLICT | c.NVME_STATUS_DNR);
  for (const profile of [profile_6_12, profile_7_3]) {
    expect(reserve(profile, c.NVME_SC_RESERVATION_CONFLICT)).toBe(0x18);
    expect(reserve(profile, c.NVME_SC_HOST_PATH_ERROR)).toBe(PR_STS_PATH_FAILED);
    expect(reserve(profile, c.NVME_SC_READ_ERROR)).toBe(PR_STS_IOERR);
    expect(reserve(profile, c.NVME_SC_INVALID_FIELD)).toBe(-E.EINVAL);
  }
});

test('keys can be read since 6.12', () => {
  const keys = (profile: MainlineProfile): unknown =>
    kernelRun(profile, { ...twoPaths, reservations: true }, function* (world) {
      yield* attachAll(world);
      yield* blkdev_ioctl(disk(world), IOC_PR_REGISTER, { old_key: 0, new_key: 7, flags: 0 });
      const room = { num_keys: 4 };
      return [yield* blkdev_ioctl(disk(world), IOC_PR_READ_KEYS, room), room];
    }).value;
  expect(keys(profile_6_1)).toEqual([-E.EOPNOTSUPP, { num_keys: 4 }]);
  expect(keys(profile_7_3)).toMatchObject([0, { num_keys: 1, keys: [7] }]);
});

test('the unique id is the namespace’s, since 6.12', () => {
  const ids = { ...noIds, eui64: '0102030405060708' };
  const unique = (profile: MainlineProfile): unknown =>
    kernelRun(profile, anaPaths({ idsOf: { 1: ids } }), function* (world) {
      yield* attachAll(world);
      const id: number[] = [];
      return [yield* disk_get_unique_id(disk(world), id, BLK_UID_EUI64), id];
    }).value;
  expect(unique(profile_6_1)).toEqual([0, []]);
  expect(unique(profile_7_3)).toEqual([8, [1, 2, 3, 4, 5, 6, 7, 8]]);
});

test.each([
  [profile_6_12, 0],
  [profile_7_3, 1],
])('$0.name: a passthrough command in flight counts %d for queue-depth, and does not fail over', (profile, depth) => {
  const { value } = kernelRun(profile, twoPaths, function* (world) {
    yield* attachAll(world);
    yield* modelSetIopolicy(world, { policy: 'queue-depth' });
    yield* stallCommands(world, 'c0', true);
    const f = yield* opened(world, FMODE_READ);
    const ioucmd = yield* io_uring_submit_cmd(f, n.NVME_URING_CMD_IO, read);
    const during = slotOf(world, 'c0').drvdata?.nr_active.counter;
    yield* failNextCommand(world, 'c0', c.NVME_SC_HOST_PATH_ERROR);
    yield* stallCommands(world, 'c0', false);
    const result = yield* io_uring_wait_cqe(ioucmd);
    yield* fput(f);
    return { during, result, after: slotOf(world, 'c0').drvdata?.nr_active.counter };
  });
  expect(value).toEqual({ during: depth, result: c.NVME_SC_HOST_PATH_ERROR, after: 0 });
});

test('a command that is in the device keeps its path from being removed, since it holds the readers’ side', () => {
  const one = topologyOf({ controllers: ['c0', 'c1'], namespaces: [{ nsid: 1 }] });
  const { value } = kernelRun(profile_7_3, one, function* (world) {
    yield* attachAll(world);
    const f = yield* opened(world, FMODE_READ);
    yield* stallCommands(world, 'c0', true);
    let isRemoved = false;
    currentMachine().spawn('ioctl', function* () {
      yield* vfs_ioctl(f, n.NVME_IOCTL_IO_CMD, read);
    });
    yield* settle();
    const done = new completion();
    currentMachine().spawn('remove', function* () {
      yield* detachSlot(slotOf(world, 'c0'));
      isRemoved = true;
      yield* complete(done);
    });
    yield* settle();
    const before = isRemoved;
    yield* stallCommands(world, 'c0', false);
    yield* wait_for_completion(done);
    yield* fput(f);
    return [before, isRemoved];
  });
  expect(value).toEqual([false, true]);
});

test.each(kernels)(
  '$name: who has the character device open keeps the head, and its number, until he closes',
  (profile) => {
    const one = topologyOf({ controllers: ['c0'], namespaces: [{ nsid: 1 }] });
    const { value, reports } = kernelRun(profile, one, function* (world) {
      yield* attachAll(world);
      const head = headAt(world);
      const f = yield* opened(world, FMODE_READ);
      yield* detachSlot(slotOf(world, 'c0'));
      yield* settle();
      const held = !head.alloc.freed;
      const orphan = yield* vfs_ioctl(f, n.NVME_IOCTL_ID, 0);
      yield* attachSlot(slotOf(world, 'c0'));
      yield* settle();
      const { disk_name } = disk(world);
      yield* fput(f);
      yield* settle();
      return { held, orphan, disk_name, freed: head.alloc.freed };
    });
    expect(reports).toEqual([]);
    expect(value).toEqual({ held: true, orphan: -E.EAGAIN, disk_name: 'nvme0n2', freed: true });
  },
);

test.each(kernels)('$name: a format waits for what is in flight, and lets nothing in meanwhile', (profile) => {
  const one = topologyOf({ controllers: ['c0'], namespaces: [{ nsid: 1 }] });
  const { value, reports } = kernelRun(profile, one, function* (world) {
    yield* attachAll(world);
    const f = yield* opened(world, FMODE_READ | FMODE_WRITE);
    yield* stallCommands(world, 'c0', true);
    yield* modelStartRead(world, { as: 'before', cpu: 0 });
    yield* settle([]);
    const done = new completion();
    const results: number[] = [];
    currentMachine().spawn('format', function* () {
      results.push(yield* vfs_ioctl(f, n.NVME_IOCTL_ADMIN_CMD, { opcode: 0x80 }));
      yield* complete(done);
    });
    yield* settle([]);
    yield* modelStartRead(world, { as: 'during', cpu: 0 });
    yield* settle([]);
    const seen = [results.length, slotOf(world, 'c0').hw.sq.length];
    yield* stallCommands(world, 'c0', false);
    yield* wait_for_completion(done);
    for (const label of ['before', 'during']) yield* modelAwaitRead(world, { read: label });
    yield* fput(f);
    return { seen, results, reads: [yield* modelResultOf(world, 'before'), yield* modelResultOf(world, 'during')] };
  });
  expect(reports).toEqual([]);
  expect(value).toEqual({ seen: [0, 1], results: [0], reads: ['ok', 'ok'] });
});

test('a hidden path’s own disk cannot be opened', () => {
  const { value } = kernelRun(profile_7_3, twoPaths, function* (world) {
    yield* attachAll(world);
    return yield* bdev_open(pathAt(world, 'c0').disk);
  });
  expect(value).toBeLessThan(0);
});
