// SPDX-License-Identifier: GPL-2.0-only
import {
  bio,
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
import { traced_pages } from './journal.js';

export const SECTORS_PER_BLOCK = 8;
const BLOCK_BYTES = 4_096;

/** How one transfer with O_DIRECT ended. */
export interface Transfer {
  /** `ok`, an errno name, or `eof`: the disk has no such place, as when it lost its size. */
  readonly result: string;
  /** What a read brought, block by block. */
  readonly data: readonly string[];
  /** Paths that its bios were sent to. */
  readonly paths: readonly string[];
}

/** pread(2) or pwrite(2) of blocks of 4 KiB through an open file: kernel blkdev_direct_IO(). Waits for its end. */
export function* transfer(disk: gendisk, op: number, sector: number, pages: readonly string[]): Steps<Transfer> {
  const capacity = yield* get_capacity(disk);
  if (sector >= capacity) return { result: op === REQ_OP_READ ? 'eof' : 'ENOSPC', data: [], paths: [] };
  const done = new completion();
  const memory = new traced_pages(pages);
  const what = new bio({
    bi_opf: op,
    bi_bdev: disk.part0,
    bi_sector: sector,
    bi_size: BLOCK_BYTES * pages.length,
    bi_io_vec: memory,
    bi_end_io: () => complete(done),
  });
  yield* submit_bio(what);
  yield* wait_for_completion(done);
  const errno = Math.abs(blk_status_to_errno(what.bi_status));
  return { result: errno === 0 ? 'ok' : errno_name(errno), data: memory.pages, paths: memory.paths };
}
