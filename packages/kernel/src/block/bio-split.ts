// SPDX-License-Identifier: GPL-2.0-only
import { E } from '../errno/errno.js';
import type { Steps } from '../step.js';
import { bio_endio, REQ_NOWAIT, REQ_OP_DISCARD, REQ_OP_MASK, REQ_OP_READ, REQ_OP_WRITE, type bio } from './bio.js';
import { bio_chain } from './bio-chain.js';
import { bio_sectors, bio_split } from './bio-clone.js';
import { errno_to_blk_status } from './blk-status.js';
import type { queue_limits } from './queue-limits.js';

const SECTOR_SIZE = 512;

/** Kernel: get_max_io_size(): sectors that one read or write may have from this place on. */
const maxTransfer = (sector: number, limits: queue_limits): number => {
  const { max_sectors, chunk_sectors } = limits;
  const block = limits.logical_block_size / SECTOR_SIZE;
  const most = chunk_sectors === 0 ? max_sectors : Math.min(max_sectors, chunk_sectors - (sector % chunk_sectors));
  return Math.max(block, most - (most % block));
};

/** Sectors of the front part, 0 when the bio may stay whole. Kernel: bio_split_rw(), bio_split_discard(). */
export const frontSectors = (b: bio, limits: queue_limits): number => {
  const op = b.bi_opf & REQ_OP_MASK;
  let most = 0;
  if (op === REQ_OP_READ || op === REQ_OP_WRITE) most = maxTransfer(b.bi_sector, limits);
  else if (op === REQ_OP_DISCARD) most = limits.max_discard_sectors;
  return most < bio_sectors(b) ? most : 0;
};

/**
 * Takes off the front that fits the limits, and resubmits the rest, which ends after it.
 * Kernel: __bio_split_to_limits(), bio_submit_split(), block/blk-merge.c.
 * @returns the bio, its front, or null: it was completed, since one that may not wait is never split
 */
export function* splitToLimits(b: bio, limits: queue_limits, submit: (rest: bio) => Steps<void>): Steps<bio | null> {
  const sectors = frontSectors(b, limits);
  if (sectors === 0) return b;
  const nowait = (b.bi_opf & REQ_NOWAIT) !== 0 && (b.bi_opf & REQ_OP_MASK) !== REQ_OP_DISCARD;
  const front = nowait ? -E.EAGAIN : yield* bio_split(b, sectors);
  if (typeof front === 'number') {
    b.bi_status = errno_to_blk_status(front);
    yield* bio_endio(b);
    return null;
  }
  yield* bio_chain(front, b);
  yield* submit(b);
  return front;
}
