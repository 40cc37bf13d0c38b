// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { settle, sysfs_read, type Steps } from '@libmultipath/driver-kit';
import { NVME_SC_HOST_ABORTED_CMD, NVME_SC_HOST_PATH_ERROR, NVME_STATUS_DNR } from '../environment/constants.js';
import { modelAttach } from '../model/controllers.js';
import { findHead, findPaths } from '../model/disks.js';
import { modelPathsOf, modelRead, modelResultOf } from '../model/reads.js';
import { slotOf, type NvmeModelWorld } from '../model/world.js';
import { kernelRun, twoPaths } from '../testing/kernel-run.js';
import { profile_6_1, profile_7_3, type MainlineProfile } from './profiles.js';

const both = [profile_6_1, profile_7_3];

function* attached(world: NvmeModelWorld): Steps<void> {
  for (const label of ['c0', 'c1']) {
    yield* modelAttach(world, { controllers: [label] });
    yield* settle();
  }
}

/** One read, whose first commands on c0 end with the given statuses. */
const readWith = (profile: MainlineProfile, statuses: readonly number[]): unknown =>
  kernelRun(profile, twoPaths, function* (world) {
    yield* attached(world);
    slotOf(world, 'c0').hw.nextStatus.push(...statuses);
    yield* modelRead(world, { as: 'r', cpu: 0, count: 1, through: undefined });
    return { result: yield* modelResultOf(world, 'r'), paths: yield* modelPathsOf(world, 'r') };
  }).value;

test.each(both)('$name: a command that the host aborted goes back to the head and takes a path again', (profile) => {
  expect(readWith(profile, [NVME_SC_HOST_ABORTED_CMD])).toEqual({ result: 'ok', paths: ['c0', 'c0'] });
});

test.each(both)('$name: there is no limit to failovers', (profile) => {
  const statuses = Array.from({ length: 9 }, () => NVME_SC_HOST_PATH_ERROR);
  expect(readWith(profile, statuses)).toEqual({ result: 'ok', paths: Array.from({ length: 10 }, () => 'c0') });
});

test.each(both)('$name: a path error that says do-not-retry is the reader’s', (profile) => {
  expect(readWith(profile, [NVME_SC_HOST_ABORTED_CMD | NVME_STATUS_DNR])).toEqual({ result: 'EIO', paths: ['c0'] });
  expect(readWith(profile, [NVME_SC_HOST_PATH_ERROR | NVME_STATUS_DNR])).toEqual({ result: 'ENOLINK', paths: ['c0'] });
});

test.each(both)('$name: another error is tried five times more on the same path', (profile) => {
  const internal = 0x006;
  expect(
    readWith(
      profile,
      Array.from({ length: 5 }, () => internal),
    ),
  ).toEqual({ result: 'ok', paths: ['c0'] });
  expect(
    readWith(
      profile,
      Array.from({ length: 6 }, () => internal),
    ),
  ).toEqual({ result: 'EIO', paths: ['c0'] });
});

test('7.3 counts failovers on the path and forgets it as the choice', () => {
  const { value } = kernelRun(profile_7_3, twoPaths, function* (world) {
    yield* attached(world);
    slotOf(world, 'c0').hw.nextStatus.push(NVME_SC_HOST_ABORTED_CMD);
    yield* modelRead(world, { as: 'r', cpu: 0, count: 1, through: undefined });
    yield* settle();
    const counts: unknown[] = [];
    for (const { ns } of findPaths(world)) {
      counts.push(yield* sysfs_read(ns.disk.device.kobj, 'diag/multipath_failover_count'));
    }
    return { counts, requeued: yield* sysfs_read(headKobj(world), 'diag/io_requeue_no_usable_path_count') };
  });
  expect(value).toEqual({ counts: ['1\n', '0\n'], requeued: '0\n' });
});

const headKobj = (world: NvmeModelWorld) => {
  const head = findHead(world);
  if (head === undefined) throw new Error('no head');
  return head.device.kobj;
};
