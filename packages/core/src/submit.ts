// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_inc,
  bio_io_error,
  bio_list_add,
  bio_list_get,
  BIO_REMAPPED,
  dev_warn_ratelimited,
  kfn,
  list_first_or_null_rcu,
  list_next_or_null_rcu,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  srcu_read_lock,
  srcu_read_unlock,
  submit_bio_noacct,
  test_bit,
  trace_block_bio_remap,
  type bio,
  type Named,
  type Steps,
} from '@libmultipath/kernel';
import { callbacks, disk_of } from './callbacks.js';
import { MPATH_HEAD_DISK_LIVE, MPATH_HEAD_QUEUE_IF_NO_PATH, REQ_MPATH } from './constants.js';
import { mpath_find_path } from './select.js';
import type { mpath_device, mpath_head } from './structures.js';

/**
 * May a bio wait for a path? Never once the disk is going.
 * Kernel: `mpath_available_path()`, v3 patches 04 and 06. Context: inside the head's SRCU section.
 */
export const mpath_available_path = kfn('mpath_available_path', function* (head: mpath_head): Steps<boolean> {
  if (!(yield* test_bit(MPATH_HEAD_DISK_LIVE, head, 'flags'))) return false;
  let dev = yield* list_first_or_null_rcu(head.dev_list);
  for (; dev !== null; dev = yield* list_next_or_null_rcu(head.dev_list, dev.siblings)) {
    if (yield* callbacks(head).available_path(dev)) return true;
  }
  return yield* test_bit(MPATH_HEAD_QUEUE_IF_NO_PATH, head, 'flags');
});

/** What messages are printed for. */
const named_parent = (head: mpath_head): Named => head.parent ?? { printName: '(NULL device *)' };

/**
 * Sends the bio down the chosen path.
 * Part of `mpath_bdev_submit_bio()`, v3 order: clone, set device, mark, trace, submit.
 */
const send = function* (head: mpath_head, dev: mpath_device, original: bio): Steps<void> {
  const { clone_bio } = callbacks(head);
  const outgoing = clone_bio === undefined ? original : yield* clone_bio(original);
  if (outgoing === null) {
    yield* bio_io_error(original);
    return;
  }
  const disk = yield* disk_of(dev);
  // The bio is this submitter's alone: setting it up is no step.
  outgoing.bi_bdev = disk.part0;
  outgoing.bi_flags |= 1 << BIO_REMAPPED;
  outgoing.bi_opf |= REQ_MPATH;
  trace_block_bio_remap(outgoing, disk);
  yield* submit_bio_noacct(outgoing);
};

/**
 * Sends the bio down a path, parks it for a kick that somebody else has to give, or fails it.
 *
 * Kernel: `mpath_bdev_submit_bio()`, v3 patch 04. Context: may sleep; the head queue's
 * usage is held by the block core. The bios of the model are within the queue's limits,
 * so splitting never changes one.
 */
export const mpath_bdev_submit_bio = kfn('mpath_bdev_submit_bio', function* (head: mpath_head, what: bio): Steps<void> {
  const idx = yield* srcu_read_lock(head.srcu);
  const dev = yield* mpath_find_path(head);
  if (dev !== null) {
    yield* send(head, dev, what);
  } else if (yield* mpath_available_path(head)) {
    dev_warn_ratelimited(named_parent(head), 'no usable path - requeuing I/O');
    yield* spin_lock_irqsave(head.requeue_lock);
    yield* bio_list_add(head.requeue_list, what);
    yield* spin_unlock_irqrestore(head.requeue_lock);
    // Nobody is kicked here: whoever makes a path usable does that.
    yield* atomic_inc(head.requeue_no_usable_path_cnt);
  } else {
    dev_warn_ratelimited(named_parent(head), 'no available path - failing I/O');
    yield* bio_io_error(what);
    yield* atomic_inc(head.fail_no_avail_path_cnt);
  }
  yield* srcu_read_unlock(head.srcu, idx);
});

/**
 * Takes all that is parked and submits it again, first in, first out. What is parked
 * again meanwhile waits for the next kick.
 * Kernel: `mpath_requeue_work()`, v3 patch 04. Context: kblockd.
 */
export const mpath_requeue_work = kfn('mpath_requeue_work', function* (head: mpath_head): Steps<void> {
  yield* spin_lock_irqsave(head.requeue_lock);
  let next = yield* bio_list_get(head.requeue_list);
  yield* spin_unlock_irqrestore(head.requeue_lock);

  while (next !== null) {
    const what: bio = next;
    next = what.bi_next;
    what.bi_next = null;
    yield* submit_bio_noacct(what);
  }
});
