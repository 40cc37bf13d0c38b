// SPDX-License-Identifier: GPL-2.0-only
import {
  BLK_STS_OK,
  blk_status_to_errno,
  complete,
  completion,
  errno_name,
  get_capacity,
  REQ_OP_READ,
  submit_bio,
  wait_for_completion,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import { blockBio, dataOf } from '../environment/media.js';

/** How one transfer of 4 KiB with O_DIRECT ended: `ok`, an errno name, or `eof`: the disk has no such place. */
export interface Transfer {
  readonly result: string;
  /** What a read brought. */
  readonly data: string;
}

/** pread(2) or pwrite(2) of one block through an open file, and its end. Kernel: blkdev_direct_IO(). */
export function* transfer(disk: gendisk, op: number, sector: number, data = ''): Steps<Transfer> {
  if (sector >= (yield* get_capacity(disk))) return { result: op === REQ_OP_READ ? 'eof' : 'ENOSPC', data: '' };
  const done = new completion();
  const what = blockBio({ bi_opf: op, bi_bdev: disk.part0, bi_sector: sector, bi_end_io: () => complete(done) }, data);
  yield* submit_bio(what);
  yield* wait_for_completion(done);
  const { bi_status } = what;
  return { result: bi_status === BLK_STS_OK ? 'ok' : errno_name(blk_status_to_errno(bi_status)), data: dataOf(what) };
}
