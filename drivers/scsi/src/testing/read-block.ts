// SPDX-License-Identifier: GPL-2.0-only
import {
  bio,
  blk_status_to_errno,
  complete,
  completion,
  errno_name,
  REQ_OP_READ,
  REQ_OP_WRITE,
  submit_bio,
  wait_for_completion,
  type blk_status_t,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import { data_pages } from '../environment/hardware/transfer.js';
import type { scsi_device } from '../environment/scsi-device.js';

export interface Ended {
  readonly status: blk_status_t;
  /** `ok`, or the name of the errno. */
  readonly result: string;
  readonly errno: number;
  readonly data: string;
}

const BLOCK_BYTES = 4_096;

/** Reads or writes 4 KiB of the disk, and waits. */
export function* transferDisk(disk: gendisk, write?: string, flags = 0): Steps<Ended> {
  const done = new completion();
  const memory = new data_pages([write ?? '']);
  const what = new bio({
    bi_opf: (write === undefined ? REQ_OP_READ : REQ_OP_WRITE) | flags,
    bi_bdev: disk.part0,
    bi_size: BLOCK_BYTES,
    bi_io_vec: memory,
    bi_end_io: () => complete(done),
  });
  yield* submit_bio(what);
  yield* wait_for_completion(done);
  const errno = Math.abs(blk_status_to_errno(what.bi_status));
  const result = errno === 0 ? 'ok' : errno_name(errno);
  return { status: what.bi_status, result, errno, data: memory.pages[0] ?? '' };
}

/** The same on the device's own disk. */
export const transferBlock = (sdev: scsi_device, write?: string, flags = 0): Steps<Ended> => {
  const disk = sdev.sdkp?.disk;
  if (disk === undefined) throw new Error('no disk');
  return transferDisk(disk, write, flags);
};
