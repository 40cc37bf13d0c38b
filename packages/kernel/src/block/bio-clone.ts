// SPDX-License-Identifier: GPL-2.0-only
import { E } from '../errno/errno.js';
import { kfn } from '../kfn.js';
import { kzalloc, type AllocOptions } from '../memory/alloc.js';
import { checkLive } from '../memory/check.js';
import type { Steps } from '../step.js';
import { bio, BIO_CLONED, BIO_REMAPPED } from './bio.js';
import type { block_device } from './gendisk.js';

const SECTOR_SIZE = 512;

/** Kernel: bio_sectors(). Pure. */
export const bio_sectors = (b: bio): number => Math.floor(b.bi_size / SECTOR_SIZE);

/** Kernel: bio_set_dev(). Pure: whoever calls it owns the bio. */
export const bio_set_dev = (b: bio, bdev: block_device): void => {
  b.bi_flags &= ~(1 << BIO_REMAPPED);
  b.bi_bdev = bdev;
};

/** Kernel: bio_advance(): the first `bytes` are done. Pure: whoever calls it owns the bio. */
export const bio_advance = (b: bio, bytes: number): void => {
  b.bi_sector += Math.floor(bytes / SECTOR_SIZE);
  b.bi_size -= bytes;
  b.bi_bvec_done += bytes;
};

/** Kernel: __bio_clone(). The end and the private pointer are the clone's owner's business. */
const copy = (src: bio, bdev: block_device | null): bio => {
  checkLive(src);
  const { bi_opf, bi_sector, bi_size, bi_io_vec } = src;
  const clone = new bio({
    bi_opf,
    bi_sector,
    bi_size,
    ...(bdev === null ? {} : { bi_bdev: bdev }),
    ...(bi_io_vec === null ? {} : { bi_io_vec }),
  });
  clone.bi_bvec_done = src.bi_bvec_done;
  clone.bi_flags = 1 << BIO_CLONED;
  if (bdev === src.bi_bdev) clone.bi_flags |= src.bi_flags & (1 << BIO_REMAPPED);
  return clone;
};

/**
 * A bio of its own memory for the same data. The caller owns both, and sets the end.
 * Kernel: bio_alloc_clone(). Context: may sleep.
 * @param bdev the device that the clone is for
 * @returns null only with `mayFail`
 */
export function bio_alloc_clone(bdev: block_device | null, src: bio): Steps<bio>;
export function bio_alloc_clone(bdev: block_device | null, src: bio, options: AllocOptions): Steps<bio | null>;
export function* bio_alloc_clone(bdev: block_device | null, src: bio, options: AllocOptions = {}): Steps<bio | null> {
  return yield* kzalloc(() => copy(src, bdev), options);
}

/**
 * Takes the first sectors away into a bio of their own. The two are not chained.
 * Kernel: bio_split(). @returns the front, or -EINVAL: nothing would be left on one side
 */
export const bio_split = kfn('bio_split', function* (b: bio, sectors: number): Steps<bio | number> {
  if (sectors <= 0 || sectors >= bio_sectors(b)) return -E.EINVAL;
  const front = yield* bio_alloc_clone(b.bi_bdev, b);
  front.bi_size = sectors * SECTOR_SIZE;
  bio_advance(b, front.bi_size);
  return front;
});
