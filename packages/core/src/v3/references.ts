// SPDX-License-Identifier: GPL-2.0-only
import {
  cleanup_srcu_struct,
  E,
  kfn,
  refcount_dec_and_test,
  refcount_inc_not_zero,
  type Steps,
} from '@libmultipath/kernel';
import type { ReleaseHead, V3Parts } from './parts.js';
import type { mpath_head } from './structures.js';

/**
 * Kernel: `mpath_get_head()`, v3 patch 01. 0, or -ENXIO when the count is already 0.
 * Mainline: `nvme_tryget_ns_head()`.
 */
export const mpath_get_head = kfn('mpath_get_head', function* (head: mpath_head): Steps<number> {
  return (yield* refcount_inc_not_zero(head.refcount)) ? 0 : -E.ENXIO;
});

/**
 * The put that reaches zero cleans the SRCU struct, then wakes whoever waits in
 * `mpath_head_uninit()`; it frees nothing else. Kernel: `mpath_put_head()`, v3 patch 01.
 * Mainline: `nvme_put_ns_head()`.
 */
export const make_put_head = ({ last_put, after_last_put }: V3Parts) =>
  kfn('mpath_put_head', function* (head: mpath_head): Steps<void> {
    if (!(yield* refcount_dec_and_test(head.refcount))) return;
    yield* last_put(head);
    yield* after_last_put(head);
  });

/**
 * Drops the driver's reference and waits until no opener is left; the driver frees the
 * memory right after. Kernel: `mpath_head_uninit()`, v3 patch 01. Context: sleeps,
 * uninterruptibly and without a timeout.
 * Mainline: `nvme_free_ns_head()`, which waits for nobody.
 * @param release how the driver frees it; called when this has waited, or by a remedy's last put in its place. Without
 *   it the driver frees after the call, as the posted series does
 */
export const make_head_uninit = ({ leaves_release, wait_for_last_put }: V3Parts) =>
  kfn('mpath_head_uninit', function* (head: mpath_head, release?: ReleaseHead): Steps<void> {
    const left = release !== undefined && leaves_release(head, release);
    if (yield* refcount_dec_and_test(head.refcount)) yield* cleanup_srcu_struct(head.srcu);
    else if (left) return;
    else yield* wait_for_last_put(head);
    if (release !== undefined) yield* release();
  });

/** What an open of disk or char device takes, and what its close gives back: the head, and what a remedy adds. */
export const make_opens = (
  { pin_driver, unpin_driver }: V3Parts,
  mpath_put_head: (head: mpath_head) => Steps<void>,
) => ({
  *mpath_get_head(head: mpath_head): Steps<number> {
    const error = yield* mpath_get_head(head);
    if (error !== 0 || (yield* pin_driver(head))) return error;
    yield* mpath_put_head(head);
    return -E.ENXIO;
  },
  *mpath_put_head(head: mpath_head): Steps<void> {
    const { drv_module } = head;
    yield* mpath_put_head(head);
    yield* unpin_driver(drv_module);
  },
});
