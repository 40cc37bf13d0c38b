// SPDX-License-Identifier: GPL-2.0-only
import { disk_stats, type DiskStats, type Steps } from '@libmultipath/driver-kit';
import { expect, test } from 'vitest';
import { scsi_remove_host } from '../environment/add-host.js';
import { inject } from '../environment/hardware/change.js';
import { SAM_STAT_BUSY } from '../environment/status-codes.js';
import { attachTwo, fixed, type Two } from '../testing/mpath-paths.js';
import { headDisk, mpathRun, type MpathOptions, type MpathWorld } from '../testing/mpath-run.js';
import { transferDisk } from '../testing/read-block.js';

const none: DiskStats = { reads: 0, sectorsRead: 0, writes: 0, sectorsWritten: 0, timeMs: 0, inFlight: 0 };

/** What the head's disk has counted after a body, more than before. */
const counted = (options: MpathOptions, body: (world: MpathWorld, paths: Two) => Steps<unknown>): DiskStats =>
  mpathRun(function* (world) {
    const paths = yield* attachTwo(world);
    const { first, second } = paths;
    const disk = headDisk(world);
    const before = disk_stats(disk);
    yield* body(world, paths);
    const after = disk_stats(disk);
    for (const { shost } of [first, second]) yield* scsi_remove_host(shost);
    return {
      reads: after.reads - before.reads,
      sectorsRead: after.sectorsRead - before.sectorsRead,
      writes: after.writes - before.writes,
      sectorsWritten: after.sectorsWritten - before.sectorsWritten,
      timeMs: after.timeMs - before.timeMs,
      inFlight: after.inFlight,
    };
  }, options).value;

test('the head counts what a path carried out for it, in bytes of the bio', () => {
  for (const options of [{}, fixed]) {
    const stats = counted(options, function* (world) {
      yield* transferDisk(headDisk(world), 'text');
      yield* transferDisk(headDisk(world));
    });
    expect(stats).toEqual({ ...none, reads: 1, sectorsRead: 8, writes: 1, sectorsWritten: 8 });
  }
});

test('on v3 a command that is sent again is counted as begun again; with retry-counts-once it is not', () => {
  const busyOnce = function* (world: MpathWorld, { first, second }: Two): Steps<void> {
    for (const { sdev } of [first, second]) yield* inject(sdev.nexus, { status: SAM_STAT_BUSY });
    yield* transferDisk(headDisk(world));
  };
  expect(counted({}, busyOnce).inFlight).toBeGreaterThan(0);
  expect(counted(fixed, busyOnce)).toMatchObject({ reads: 1, inFlight: 0 });
});
