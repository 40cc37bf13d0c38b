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
  type blk_status_t,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import { data_bio } from '../environment/hardware.js';
import type { BioRemap } from '../environment/journal.js';
import type { NvmeModelWorld } from './world.js';

export const SECTORS_PER_BLOCK = 8;
const BLOCK_BYTES = 4_096;

/** How one transfer of 4 KiB with O_DIRECT ended. */
export interface Transfer {
  /** `ok`, an errno name, or `eof`: the disk has no such place, as when it lost its size. */
  readonly result: string;
  /** What a read brought. */
  readonly data: string;
  readonly remaps: readonly BioRemap[];
}

const errnoOf = (status: blk_status_t): string => errno_name(blk_status_to_errno(status));

/** pread(2) or pwrite(2) of one block through an open file: kernel blkdev_direct_IO(). Waits for its end. */
export function* transfer(
  world: NvmeModelWorld,
  disk: gendisk,
  op: number,
  sector: number,
  data = '',
): Steps<Transfer> {
  const capacity = yield* get_capacity(disk);
  if (sector >= capacity) return { result: op === REQ_OP_READ ? 'eof' : 'ENOSPC', data: '', remaps: [] };
  const done = new completion();
  const bio = new data_bio({
    bi_opf: op,
    bi_bdev: disk.part0,
    bi_sector: sector,
    bi_size: BLOCK_BYTES,
    bi_end_io: () => complete(done),
  });
  bio.data = data;
  yield* submit_bio(bio);
  yield* wait_for_completion(done);
  const remaps = world.core.journal.takeRemaps(bio);
  return { result: bio.bi_status === BLK_STS_OK ? 'ok' : errnoOf(bio.bi_status), data: bio.data, remaps };
}
