// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { settle, sysfs_read, type Steps } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import * as c from '../environment/constants.js';
import { nvme_error_status, nvme_is_ana_error, nvme_is_path_error } from '../environment/error-status.js';
import { findPaths } from '../model/disks.js';
import { failNextCommand } from '../model/path-verbs.js';
import { modelAwaitRead, modelPathsOf, modelRead, modelResultOf, modelStartRead } from '../model/reads.js';
import type { NvmeModelWorld } from '../model/world.js';
import { kernelRun, twoPaths } from '../testing/kernel-run.js';
import { attachAll } from '../testing/targets.js';
import { profile_6_1, profile_6_12, profile_7_2, profile_7_3, type MainlineProfile } from './profiles.js';

const kernels = [profile_6_1, profile_6_12, profile_7_2, profile_7_3];

test('path errors are those of type 3, ANA errors three of them, and each has the kernel’s block status', () => {
  const table: readonly (readonly [number, boolean, boolean, string])[] = [
    [c.NVME_SC_SUCCESS, false, false, 'BLK_STS_OK'],
    [c.NVME_SC_INTERNAL_PATH_ERROR, true, false, 'BLK_STS_IOERR'],
    [c.NVME_SC_ANA_PERSISTENT_LOSS, true, true, 'BLK_STS_IOERR'],
    [c.NVME_SC_ANA_INACCESSIBLE, true, true, 'BLK_STS_IOERR'],
    [c.NVME_SC_ANA_TRANSITION, true, true, 'BLK_STS_IOERR'],
    [c.NVME_SC_CTRL_PATH_ERROR, true, false, 'BLK_STS_IOERR'],
    [c.NVME_SC_HOST_PATH_ERROR, true, false, 'BLK_STS_TRANSPORT'],
    [c.NVME_SC_HOST_ABORTED_CMD, true, false, 'BLK_STS_IOERR'],
    [c.NVME_SC_CAP_EXCEEDED, false, false, 'BLK_STS_NOSPC'],
    [c.NVME_SC_LBA_RANGE, false, false, 'BLK_STS_TARGET'],
    [c.NVME_SC_INVALID_FIELD, false, false, 'BLK_STS_NOTSUPP'],
    [c.NVME_SC_READ_ERROR, false, false, 'BLK_STS_MEDIUM'],
    [c.NVME_SC_GUARD_CHECK, false, false, 'BLK_STS_PROTECTION'],
    [c.NVME_SC_RESERVATION_CONFLICT, false, false, 'BLK_STS_RESV_CONFLICT'],
    [0x006, false, false, 'BLK_STS_IOERR'],
  ];
  for (const [status, path, ana, block] of table) {
    for (const flags of [0, c.NVME_STATUS_DNR, c.NVME_STATUS_MORE]) {
      const got = [
        nvme_is_path_error(status | flags),
        nvme_is_ana_error(status | flags),
        nvme_error_status(status | flags),
      ];
      expect([status, ...got]).toEqual([status, path, ana, block]);
    }
  }
});

const statuses = [
  c.NVME_SC_HOST_PATH_ERROR,
  c.NVME_SC_HOST_ABORTED_CMD,
  c.NVME_SC_ANA_INACCESSIBLE,
  c.NVME_SC_CTRL_PATH_ERROR,
  c.NVME_SC_INTERNAL_PATH_ERROR,
  c.NVME_SC_READ_ERROR,
  0x006,
  c.NVME_SC_READ_ERROR | c.NVME_STATUS_DNR,
  c.NVME_SC_HOST_PATH_ERROR | c.NVME_STATUS_DNR,
];

interface Fault {
  readonly label: string;
  readonly status: number;
}

const fault: fc.Arbitrary<Fault> = fc.record({
  label: fc.constantFrom('c0', 'c1'),
  status: fc.constantFrom(...statuses),
});

const READS = 4;

/** Ends of some reads that run at the same time, while commands of both paths fail. */
const endsOf = (profile: MainlineProfile, faults: readonly Fault[]) =>
  kernelRun(profile, twoPaths, function* (world) {
    yield* attachAll(world);
    for (const { label, status } of faults) yield* failNextCommand(world, label, status);
    const labels = Array.from({ length: READS }, (_, i) => `r${String(i)}`);
    for (const as of labels) yield* modelStartRead(world, { as, cpu: Number(as.slice(1)) % 2 });
    const ends: { result: unknown; paths: readonly unknown[] }[] = [];
    for (const as of labels) {
      yield* modelAwaitRead(world, { read: as });
      ends.push({ result: yield* modelResultOf(world, as), paths: (yield* modelPathsOf(world, as)) as unknown[] });
    }
    yield* settle();
    return { ends, left: [...world.slots.values()].map(({ hw }) => hw.sq.length + hw.held.length) };
  });

test.each(kernels)(
  '$name: over random errors every read ends once, and with an error only where one was for good',
  (profile) => {
    fc.assert(
      fc.property(fc.array(fault, { maxLength: 8 }), (faults) => {
        const { value, reports } = endsOf(profile, faults);
        // A lost or doubled completion would be a report, a hang, or a read without its end.
        expect(reports).toEqual([]);
        expect(value.left).toEqual([0, 0]);
        const final = faults.filter(({ status }) => (status & c.NVME_STATUS_DNR) !== 0).length;
        const failed = value.ends.filter(({ result }) => result !== 'ok');
        expect(failed.length).toBeLessThanOrEqual(final);
        for (const { result, paths } of value.ends) {
          expect(['ok', 'EIO', 'ENOLINK', 'ENODATA']).toContain(result);
          expect(paths.length).toBeGreaterThan(0);
        }
        const moves = value.ends.reduce((sum, { paths }) => sum + paths.length - 1, 0);
        expect(moves).toBeLessThanOrEqual(faults.filter(({ status }) => nvme_is_path_error(status)).length);
      }),
      { numRuns: 15 },
    );
  },
);

const readAfter = (profile: MainlineProfile, max_retries: number, status: number): unknown =>
  kernelRun(profile, twoPaths, function* (world) {
    world.core.max_retries = max_retries;
    yield* attachAll(world);
    yield* failNextCommand(world, 'c0', status);
    yield* modelRead(world, { as: 'r', cpu: 0, count: 1, through: undefined });
    return yield* modelResultOf(world, 'r');
  }).value;

test.each(kernels)('$name: max_retries=0 gives every path error to the reader, 5 none', (profile) => {
  expect(readAfter(profile, 0, c.NVME_SC_ANA_INACCESSIBLE)).toBe('EIO');
  expect(readAfter(profile, 0, c.NVME_SC_HOST_PATH_ERROR)).toBe('ENOLINK');
  expect(readAfter(profile, 5, c.NVME_SC_ANA_INACCESSIBLE)).toBe('ok');
});

test('where authentication is asked for, 6.1 tries again also with no retries left; later kernels end', () => {
  expect(readAfter(profile_6_1, 0, c.NVME_SC_AUTH_REQUIRED)).toBe('ok');
  expect(readAfter(profile_6_12, 0, c.NVME_SC_AUTH_REQUIRED)).toBe('EIO');
});

function* counts(world: NvmeModelWorld): Steps<Record<string, unknown>> {
  const path = findPaths(world).find(({ label }) => label === 'c0');
  const value: Record<string, unknown> = {};
  for (const name of ['multipath_failover_count', 'command_retries_count', 'command_error_count']) {
    value[name] = path === undefined ? null : yield* sysfs_read(path.ns.disk.device.kobj, `diag/${name}`);
  }
  return value;
}

test('7.3 counts failovers, retries in place and errors for good apart, and names the path in the log', () => {
  const { value, machine } = kernelRun(profile_7_3, twoPaths, function* (world) {
    yield* attachAll(world);
    for (const status of [0x006, c.NVME_SC_HOST_PATH_ERROR, c.NVME_SC_ANA_INACCESSIBLE | c.NVME_STATUS_DNR]) {
      yield* failNextCommand(world, 'c0', status);
    }
    for (const as of ['a', 'b']) yield* modelRead(world, { as, cpu: 0, count: 1, through: undefined });
    return yield* counts(world);
  });
  expect(value).toEqual({
    multipath_failover_count: '1\n',
    command_retries_count: '1\n',
    command_error_count: '1\n',
  });
  const errors = machine.log.map(({ text }) => text).filter((text) => text.includes('I/O Error'));
  expect(errors).toEqual([
    expect.stringMatching(/^nvme0c0n1: I\/O Cmd\(0x2\) @ LBA \d+, 8 blocks, I\/O Error \(sct 0x3 \/ sc 0x2\) DNR $/),
  ]);
});
