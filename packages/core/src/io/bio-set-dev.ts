// SPDX-License-Identifier: GPL-2.0-only
import { BIO_REMAPPED, type bio, type gendisk } from '@libmultipath/kernel';

/**
 * Points the bio at the whole disk; whether its end was checked starts anew.
 * Kernel: `bio_set_dev()`. The bio is its submitter's alone: no step.
 */
export const bio_set_dev = (what: bio, disk: gendisk): void => {
  what.bi_flags &= ~(1 << BIO_REMAPPED);
  what.bi_bdev = disk.part0;
};
