// SPDX-License-Identifier: GPL-2.0-only
import { bio, bio_queue_enter, get_device, put_device, REQ_OP_READ } from '@libmultipath/driver-kit';
import { expect, it } from 'vitest';
import { attach, plainUnit, qemuNexus } from '../testing/arrays.js';
import { scsiRun } from '../testing/scsi-run.js';
import { scsi_remove_device } from './remove-device.js';

it('a bio that comes late to the queue of a removed device, which somebody still holds, gets an error', () => {
  const { value } = scsiRun(function* (core) {
    const { sdev } = yield* attach(core, qemuNexus(plainUnit()));
    const disk = sdev.sdkp?.disk;
    if (disk === undefined) throw new Error('no disk');
    yield* get_device(sdev.sdev_gendev);
    yield* get_device(disk.device);
    const late = new bio({ bi_opf: REQ_OP_READ, bi_bdev: disk.part0, bi_size: 4_096, *bi_end_io() {} });
    yield* scsi_remove_device(sdev);
    // __bio_queue_enter() looks at GD_DEAD of the disk, however long the queue stays frozen.
    const entered = yield* bio_queue_enter(disk.queue, late);
    yield* put_device(disk.device);
    yield* put_device(sdev.sdev_gendev);
    return entered;
  });
  expect(value).toBe(-19);
});
