// SPDX-License-Identifier: GPL-2.0-only
import { current } from '../current.js';
import { kfn, makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { pr_info_ratelimited } from '../printk/printk.js';
import type { Steps } from '../step.js';
import { type bio, bio_io_error, BIO_REMAPPED } from './bio.js';
import type { block_device } from './gendisk.js';
import { bio_queue_enter, blk_queue_exit } from './queue.js';

const SECTOR_SIZE = 512;

/** Kernel: bio_check_eod() of 6.3 and later: no capacity at all is an error without a message. */
function* beyondEnd(b: bio, bdev: block_device): Steps<boolean> {
  const sectors = b.bi_size / SECTOR_SIZE;
  if (sectors === 0) return false;
  const step = makeStep('bdev_nr_sectors', bdev, 'bd_nr_sectors', 'read', { ordering: 'once' });
  yield step;
  checkLive(bdev);
  const max = bdev.bd_nr_sectors;
  step.value = max;
  if (sectors <= max && b.bi_sector <= max - sectors) return false;
  if (max !== 0) {
    pr_info_ratelimited(
      `${current().name}: attempt to access beyond end of device ${bdev.bd_disk.disk_name}: ` +
        `sector=${String(b.bi_sector)}, nr_sectors = ${String(sectors)} limit=${String(max)}`,
    );
  }
  return true;
}

/** Kernel: __submit_bio(): hands the bio to the disk, inside the queue. */
function* dispatch(b: bio): Steps<void> {
  const { bd_disk } = checkPointer(b.bi_bdev, 'bi_bdev');
  const { queue } = bd_disk;
  if ((yield* bio_queue_enter(queue, b)) !== 0) return;
  const submit = bd_disk.fops.submit_bio ?? bd_disk.fops.queue_bio;
  if (submit === undefined) throw new TypeError(`disk ${bd_disk.disk_name} has neither submit_bio nor queue_bio`);
  yield* submit(b);
  yield* blk_queue_exit(queue);
}

/** Kernel: BD_HAS_SUBMIT_BIO. */
const isBioBased = (b: bio): boolean => b.bi_bdev?.bd_disk.fops.submit_bio !== undefined;

/**
 * What a submit function submits is done after it returned: first what goes to other
 * queues, then what goes to the same queue, then what waited before. Below a request based
 * disk it is simply done in order.
 * Kernel: __submit_bio_noacct(), __submit_bio_noacct_mq().
 */
function* submitAll(first: bio): Steps<void> {
  const task = current();
  const stacked = isBioBased(first);
  let waiting: bio[] = [];
  for (let b: bio | undefined = first; b !== undefined; b = waiting.shift()) {
    const queue = b.bi_bdev?.bd_disk.queue;
    const below: bio[] = [];
    task.bio_list = below;
    yield* dispatch(b);
    const same = (other: bio): boolean => other.bi_bdev?.bd_disk.queue === queue;
    if (!stacked) waiting.push(...below);
    else if (below.length > 0) {
      waiting = [...below.filter((other) => !same(other)), ...below.filter(same), ...waiting];
    }
  }
  task.bio_list = undefined;
}

/**
 * Submits to the bio's device; below a running submit function it is only noted.
 * Kernel: submit_bio_noacct(). A bio beyond the end of its device is completed with EIO.
 */
export const submit_bio_noacct = kfn('submit_bio_noacct', function* (b: bio): Steps<void> {
  checkLive(b);
  const bdev = checkPointer(b.bi_bdev, 'bi_bdev');
  if ((b.bi_flags & (1 << BIO_REMAPPED)) === 0 && (yield* beyondEnd(b, bdev))) {
    yield* bio_io_error(b);
    return;
  }
  const nested = current().bio_list;
  if (nested !== undefined) nested.push(b);
  else yield* submitAll(b);
});

/** Kernel: submit_bio(): submit_bio_noacct() with accounting. */
export const submit_bio = kfn('submit_bio', function* (b: bio): Steps<void> {
  yield* submit_bio_noacct(b);
});
