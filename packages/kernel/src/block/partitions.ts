// SPDX-License-Identifier: GPL-2.0-only
import { kfn } from '../kfn.js';
import { completion, complete, wait_for_completion } from '../wait/completion.js';
import { clear_bit } from '../bits/bits.js';
import { READ_ONCE } from '../memory/access.js';
import type { Steps } from '../step.js';
import { bio, BLK_STS_OK, REQ_OP_READ } from './bio.js';
import { E } from '../errno/errno.js';
import { GD_NEED_PART_SCAN, type gendisk } from './gendisk.js';
import { submit_bio } from './submit-bio.js';

const PAGE_SIZE = 4096;

/**
 * Reads the partition table: one page through the disk itself, so it waits as long as
 * that bio does. The table is empty: no partitions appear.
 * Kernel: bdev_disk_changed(). Context: may sleep, `open_mutex` held.
 * @returns 0, -ENXIO when the disk is gone, -EIO when the read failed
 */
export const bdev_disk_changed = kfn('bdev_disk_changed', function* (disk: gendisk): Steps<number> {
  if (!(yield* READ_ONCE(disk.part0, 'hashed'))) return -E.ENXIO;
  yield* clear_bit(GD_NEED_PART_SCAN, disk, 'state');
  if ((yield* READ_ONCE(disk.part0, 'bd_nr_sectors')) === 0) return 0;
  const done = new completion();
  const read = new bio({
    bi_opf: REQ_OP_READ,
    bi_bdev: disk.part0,
    bi_size: PAGE_SIZE,
    *bi_end_io() {
      yield* complete(done);
    },
  });
  yield* submit_bio(read);
  yield* wait_for_completion(done);
  return read.bi_status === BLK_STS_OK ? 0 : -E.EIO;
});
