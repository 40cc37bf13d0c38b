// SPDX-License-Identifier: GPL-2.0-only
import { current } from '../current.js';
import { E } from '../errno/errno.js';
import { kfn, makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { pr_info_ratelimited } from '../printk/printk.js';
import { operation, type Primitive } from '../operation.js';
import { PLAIN, type Steps } from '../step.js';
import { type bio, bio_io_error, bio_wouldblock_error, BIO_REMAPPED } from './bio.js';
import { bio_sectors } from './bio-clone.js';
import { frontSectors, splitToLimits } from './bio-split.js';
import { bdev_is_partition, type block_device, type gendisk } from './gendisk.js';
import type { queue_limits } from './queue-limits.js';
import { bio_queue_enter, blk_queue_exit } from './queue.js';
import type { request_queue } from './request-queue.js';

/** Kernel: bio_check_eod() of 6.3 and later: no capacity at all is an error without a message. */
function* beyondEnd(b: bio, bdev: block_device, sectors: number): Steps<boolean> {
  const step = makeStep('bdev_nr_sectors', bdev, 'bd_nr_sectors', 'read', {
    ordering: 'once',
    tells: () => bdev.bd_nr_sectors,
  });
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

/** The disk's own way with the bio, inside the queue. */
const handOver = (b: bio, { disk_name, fops, queue }: gendisk): Steps<void> => {
  const { submit_bio: own, queue_bio } = fops;
  if (own !== undefined) return own(b);
  if (queue_bio === undefined) throw new TypeError(`disk ${disk_name} has neither submit_bio nor queue_bio`);
  return frontSectors(b, queue.limits) === 0 ? queue_bio(b) : queueSplit(b, queue.limits, queue_bio);
};

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

const othersFirst = (below: readonly bio[], queue: request_queue): bio[] => {
  const same = (b: bio): boolean => b.bi_bdev?.bd_disk.queue === queue;
  return [...below.filter((b) => !same(b)), ...below.filter(same)];
};

/**
 * What waits after `below` was submitted from below a bio of this queue: first what goes to other
 * queues, then what goes to the same queue, then what waited before. Below a request based
 * disk it is simply done in order.
 */
const inOrder = (stacked: boolean, queue: request_queue, below: bio[], waiting: bio[]): bio[] => {
  if (below.length === 0) return waiting;
  if (waiting.length === 0 && below.length === 1) return below;
  return stacked ? [...othersFirst(below, queue), ...waiting] : [...waiting, ...below];
};

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
  const task = current();
  if (task.bio_list !== undefined) {
    task.bio_list.push(b);
    return;
  }
  // Kernel: __submit_bio_noacct(), __submit_bio_noacct_mq(): what a submit function submits is done after it returned.
  const stacked = isBioBased(b);
  let waiting: bio[] = [];
  for (let next: bio | undefined = b; next !== undefined; next = waiting.shift()) {
    const below: bio[] = [];
    task.bio_list = below;
    // Kernel: __submit_bio(). No generator of its own: each step of each bio would pass it.
    const { bd_disk } = checkPointer(next.bi_bdev, 'bi_bdev');
    const { queue } = bd_disk;
    const entered = yield* bio_queue_enter(queue, next);
    if (entered === 0) {
      yield* handOver(next, bd_disk);
      yield* blk_queue_exit(queue);
    } else {
      yield* entered === -E.ENODEV ? bio_io_error(next) : bio_wouldblock_error(next);
    }
    waiting = inOrder(stacked, queue, below, waiting);
  }
  task.bio_list = undefined;
});

/** Kernel: submit_bio(): submit_bio_noacct() with accounting. */
export const submit_bio = kfn('submit_bio', (b: bio): Steps<void> => submit_bio_noacct(b));

const LIMITS: Primitive<request_queue, undefined, queue_limits> = {
  op: 'bdev_limits',
  access: 'read',
  traits: PLAIN,
  effect: (step, queue) => {
    checkLive(queue);
    const { limits } = queue;
    step.value = limits.max_sectors;
    return limits;
  },
};

/** Kernel: bdev_limits(). */
const bdev_limits = (queue: request_queue): Steps<queue_limits> => operation(LIMITS, queue, 'limits', undefined);

/**
 * For the submit function of a bio based disk: what fits the limits of its queue. The rest
 * of the bio is resubmitted, and done after the submit function returned.
 * Kernel: bio_split_to_limits(). Context: inside the queue.
 * @returns the bio or its front; null: it was completed (BLK_STS_AGAIN: it may not wait, and would have to be split)
 */
export const bio_split_to_limits = kfn('bio_split_to_limits', function* (b: bio): Steps<bio | null> {
  checkLive(b);
  const { queue } = checkPointer(b.bi_bdev, 'bi_bdev').bd_disk;
  const limits = yield* bdev_limits(queue);
  return frontSectors(b, limits) === 0 ? b : yield* splitToLimits(b, limits, submit_bio_noacct);
});
