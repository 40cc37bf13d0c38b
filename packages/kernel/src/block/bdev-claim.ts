// SPDX-License-Identifier: GPL-2.0-only
import { E } from '../errno/errno.js';
import { makeStep } from '../kfn.js';
import { mutex_lock, mutex_unlock } from '../locks/mutex.js';
import { store } from '../memory/access.js';
import { checkLive } from '../memory/check.js';
import type { Steps } from '../step.js';
import type { blk_holder_ops, block_device } from './gendisk.js';

/*
 * A claim is of one block device alone: that the kernel lets nobody claim the whole disk
 * whose partition is held is not modelled.
 */

function* countHolders(op: string, bdev: block_device, change: () => number): Steps<number> {
  const step = makeStep(op, bdev, 'bd_holder', 'update');
  yield step;
  checkLive(bdev);
  const result = change();
  step.value = result;
  return result;
}

/** Kernel: bd_prepare_to_claim(). The same holder may claim again. @returns 0 or -EBUSY */
export const bd_prepare_to_claim = (bdev: block_device, holder: object): Steps<number> =>
  countHolders('bd_prepare_to_claim', bdev, () => {
    if (bdev.bd_holder !== null && bdev.bd_holder !== holder) return -E.EBUSY;
    bdev.bd_holder = holder;
    bdev.bd_holders++;
    return 0;
  });

function* setOps(bdev: block_device, hops: blk_holder_ops | null): Steps<void> {
  yield* mutex_lock(bdev.bd_holder_lock);
  yield* store(bdev, 'bd_holder_ops', hops);
  yield* mutex_unlock(bdev.bd_holder_lock);
}

/** Kernel: bd_finish_claiming(): from here on the holder is told. */
export const bd_finish_claiming = setOps;

const giveUp = (op: string, bdev: block_device): Steps<number> =>
  countHolders(op, bdev, () => {
    bdev.bd_holders--;
    if (bdev.bd_holders === 0) bdev.bd_holder = null;
    return bdev.bd_holders;
  });

/** Kernel: bd_abort_claiming(): the open failed. */
export const bd_abort_claiming = (bdev: block_device): Steps<number> => giveUp('bd_abort_claiming', bdev);

/** Kernel: bd_yield_claim(): the last close of the holder; it is told nothing any more. */
export function* bd_yield_claim(bdev: block_device): Steps<void> {
  if ((yield* giveUp('bd_yield_claim', bdev)) === 0) yield* setOps(bdev, null);
}
