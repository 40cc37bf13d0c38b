// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_io_error,
  bio_list_add,
  bio_split_to_limits,
  dev_warn_ratelimited,
  kfn,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  srcu_read_lock,
  srcu_read_unlock,
  type bio,
  type Named,
  type Steps,
} from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

/** Where the revisions differ in submitting. */
export interface SubmitParts<D extends mpath_device_base, H extends mpath_head_base<D>> {
  readonly mpath_find_path: (head: H) => Steps<D | null>;
  readonly mpath_available_path: (head: H) => Steps<boolean>;
  /** Sends the bio, or a clone of it, down the chosen path. */
  readonly send: (head: H, dev: D, what: bio) => Steps<void>;
  /** Counts a bio that was parked. */
  readonly count_parked: (head: H) => Steps<void>;
  /** Counts a bio that was failed for want of a path. */
  readonly count_failed: (head: H) => Steps<void>;
}

/** A device that is not there, as `dev_name()` prints it. */
const nobody: Named = { printName: '(NULL device *)' };

/**
 * Sends the bio down a path, parks it for a kick that somebody else has to give, or fails it.
 *
 * Kernel: `mpath_bdev_submit_bio()`, patch 04 of v1 to v3. Context: may sleep; the head
 * queue's usage is held by the block core.
 * Mainline: `nvme_ns_head_submit_bio()`.
 * @param parent device that the messages are printed for
 */
export const make_submit_bio = <D extends mpath_device_base, H extends mpath_head_base<D>>(parts: SubmitParts<D, H>) =>
  kfn('mpath_bdev_submit_bio', function* (head: H, parent: Named | null, whole: bio): Steps<void> {
    // The rest of what is too long is submitted again by the block core.
    const what = yield* bio_split_to_limits(whole);
    if (what === null) return;
    const idx = yield* srcu_read_lock(head.srcu);
    const dev = yield* parts.mpath_find_path(head);
    if (dev !== null) {
      yield* parts.send(head, dev, what);
    } else if (yield* parts.mpath_available_path(head)) {
      dev_warn_ratelimited(parent ?? nobody, 'no usable path - requeuing I/O');
      yield* spin_lock_irqsave(head.requeue_lock);
      yield* bio_list_add(head.requeue_list, what);
      yield* spin_unlock_irqrestore(head.requeue_lock);
      // Nobody is kicked here: whoever makes a path usable does that.
      yield* parts.count_parked(head);
    } else {
      dev_warn_ratelimited(parent ?? nobody, 'no available path - failing I/O');
      yield* bio_io_error(what);
      yield* parts.count_failed(head);
    }
    yield* srcu_read_unlock(head.srcu, idx);
  });
