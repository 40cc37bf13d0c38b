// SPDX-License-Identifier: GPL-2.0-only
import { BIO_REMAPPED, type bio, type block_device } from '@libmultipath/driver-kit';

/** Kernel: bio_set_dev(). Pure: whoever calls it owns the bio. */
export const bio_set_dev = (what: bio, bdev: block_device): void => {
  what.bi_flags &= ~(1 << BIO_REMAPPED);
  what.bi_bdev = bdev;
};
