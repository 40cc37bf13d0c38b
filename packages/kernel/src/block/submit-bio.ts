// SPDX-License-Identifier: GPL-2.0-only
import { current } from '../current.js';
import { E } from '../errno/errno.js';
import { kfn, makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { pr_info_ratelimited } from '../printk/printk.js';
import type { Steps } from '../step.js';
import { type bio, bio_io_error, bio_wouldblock_error, BIO_REMAPPED } from './bio.js';
import { bio_sectors } from './bio-clone.js';
import { frontSectors, splitToLimits } from './bio-split.js';
import { bdev_is_partition, type block_device } from './gendisk.js';
import type { queue_limits } from './queue-limits.js';
import { bio_queue_enter, blk_queue_exit } from './queue.js';
import type { request_queue } from './request-queue.js';

/** Kernel: bio_check_eod() of 6.3 and later: no capacity at all is an error without a message. */
function* beyondEnd(b: bio, bdev: block_device, sectors: number): Steps<boolean> {
  const step = makeStep('bdev_nr_sectors', bdev, 'bd_nr_sectors', 'read', { ordering: 'once' });
  yield step;
  checkLive(bdev);
  const max = bdev.bd_nr_sectors;
  step.value = max;
  if (sectors <= max && b.bi_sector <= max - sectors) return false;
  if (max !== 0) {
    pr_info_ratelimited(
      `${current().name}: attempt to access beyond end of device ${bdev.bd_device.name}: ` +
        `sector=${String(b.bi_sector)}, nr_sectors = ${String(sectors)} limit=${String(max)}`,
    );
  }
  return true;
}

/** Kernel: __submit_bio(): hands the bio to the disk, inside the queue. */
function* dispatch(b: bio): Steps<void> {
  const { bd_disk } = checkPointer(b.bi_bdev, 'bi_bdev');
  const { queue } = bd_disk;
  const entered = yield* bio_queue_enter(queue, b);
  if (entered !== 0) {
    yield* entered === -E.ENODEV ? bio_io_error(b) : bio_wouldblock_error(b);
    return;
  }
  const { submit_bio: own, queue_bio } = bd_disk.fops;
  if (own !== undefined) yield* own(b);
  else if (queue_bio === undefined) {
    throw new TypeError(`disk ${bd_disk.disk_name} has neither submit_bio nor queue_bio`);
  } else if (frontSectors(b, queue.limits) === 0) yield* queue_bio(b);
  else yield* queueSplit(b, queue.limits, queue_bio);
  yield* blk_queue_exit(queue);
}

/**
 * Kernel: blk_mq_submit_bio(): the driver gets what fits the limits. They were read with
 * the entry into the queue, which no change of the limits commutes with.
 */
function* queueSplit(b: bio, limits: queue_limits, queue_bio: (bio: bio) => Steps<void>): Steps<void> {
  const front = yield* splitToLimits(b, limits, submit_bio_noacct);
  if (front !== null) yield* queue_bio(front);
}

/** Kernel: blk_partition_remap(): the sector becomes one of the whole disk. The device stays the partition's. */
const remapPartition = (b: bio, bdev: block_device): void => {
  if (bio_sectors(b) > 0) b.bi_sector += bdev.bd_start_sect;
  b.bi_flags |= 1 << BIO_REMAPPED;
};

/** Kernel: BD_HAS_SUBMIT_BIO. */
const isBioBased = (b: bio): boolean => b.bi_bdev?.bd_disk.fops.submit_bio !== undefined;

const othersFirst = (below: readonly bio[], queue: request_queue | undefined): bio[] => {
  const same = (b: bio): boolean => b.bi_bdev?.bd_disk.queue === queue;
  return [...below.filter((b) => !same(b)), ...below.filter(same)];
};

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
    if (below.length === 0) continue;
    if (!stacked) waiting.push(...below);
    else if (below.length + waiting.length === 1) waiting = below;
    else waiting = [...othersFirst(below, queue), ...waiting];
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
  if ((b.bi_flags & (1 << BIO_REMAPPED)) === 0) {
    const sectors = bio_sectors(b);
    if (sectors !== 0 && (yield* beyondEnd(b, bdev, sectors))) {
      yield* bio_io_error(b);
      return;
    }
    if (bdev_is_partition(bdev)) remapPartition(b, bdev);
  }
  const nested = current().bio_list;
  if (nested !== undefined) nested.push(b);
  else yield* submitAll(b);
});

/** Kernel: submit_bio(): submit_bio_noacct() with accounting. */
export const submit_bio = kfn('submit_bio', function* (b: bio): Steps<void> {
  yield* submit_bio_noacct(b);
});

/**
 * For the submit function of a bio based disk: what fits the limits of its queue. The rest
 * of the bio is resubmitted, and done after the submit function returned.
 * Kernel: bio_split_to_limits(). Context: inside the queue.
 * @returns the bio or its front; null: it was completed (BLK_STS_AGAIN: it may not wait, and would have to be split)
 */
export const bio_split_to_limits = kfn('bio_split_to_limits', function* (b: bio): Steps<bio | null> {
  checkLive(b);
  const { queue } = checkPointer(b.bi_bdev, 'bi_bdev').bd_disk;
  const step = makeStep('bdev_limits', queue, 'limits', 'read');
  yield step;
  checkLive(queue);
  const { limits } = queue;
  step.value = limits.max_sectors;
  return yield* splitToLimits(b, limits, submit_bio_noacct);
});
