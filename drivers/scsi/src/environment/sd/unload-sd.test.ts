// SPDX-License-Identifier: GPL-2.0-only
import { bdev_open, bdev_release, E, type Steps } from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { attach, scsiDebugPaths, type Attached } from '../../testing/arrays.js';
import { transferBlock } from '../../testing/read-block.js';
import { scsiRun } from '../../testing/scsi-run.js';
import type { scsi_core } from '../scsi-core.js';
import { init_sd, unload_sd } from './unload-sd.js';

function* two(core: scsi_core): Steps<Attached[]> {
  const attached: Attached[] = [];
  for (const nexus of scsiDebugPaths(2)) attached.push(yield* attach(core, nexus));
  return attached;
}

it('lets every device go, which then has no disk, and takes them again when it is loaded', () => {
  const { value, log } = scsiRun(function* (core) {
    const devices = (yield* two(core)).map(({ sdev }) => sdev);
    const unloaded = yield* unload_sd(core, devices);
    const between = devices.map(({ sdkp, sdev_state }) => [sdkp, sdev_state]);
    const again = yield* unload_sd(core, devices);
    yield* init_sd(core, devices);
    const reads: string[] = [];
    for (const sdev of devices) reads.push((yield* transferBlock(sdev)).result);
    return { unloaded, between, again, reads, state: devices[0]?.sdev_state };
  });
  expect(value).toMatchObject({ unloaded: 0, again: -E.ENOENT, reads: ['ok', 'ok'] });
  expect(value.between).toEqual([
    [null, value.state],
    [null, value.state],
  ]);
  expect(log.filter((line) => line.includes('Attached SCSI disk'))).toHaveLength(4);
});

it('stays while somebody has one of the disks open', () => {
  const { value } = scsiRun(function* (core) {
    const devices = (yield* two(core)).map(({ sdev }) => sdev);
    const disk = devices[1]?.sdkp?.disk;
    if (disk === undefined) throw new Error('no disk');
    yield* bdev_open(disk);
    const held = yield* unload_sd(core, devices);
    const disks = devices.filter(({ sdkp }) => sdkp !== null).length;
    yield* bdev_release(disk);
    return [held, disks, yield* unload_sd(core, devices)];
  });
  expect(value).toEqual([-E.EWOULDBLOCK, 2, 0]);
});
