// SPDX-License-Identifier: GPL-2.0-only
import {
  cleanup_srcu_struct,
  E,
  kfn,
  refcount_dec_and_test,
  refcount_inc_not_zero,
  type Steps,
} from '@libmultipath/kernel';
import type { V3Parts } from './parts.js';
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
export const make_put_head = ({ last_put }: V3Parts) =>
  kfn('mpath_put_head', function* (head: mpath_head): Steps<void> {
    if (yield* refcount_dec_and_test(head.refcount)) yield* last_put(head);
  });

/**
 * Drops the driver's reference and waits until no opener is left; the driver frees the
 * memory right after. Kernel: `mpath_head_uninit()`, v3 patch 01. Context: sleeps,
 * uninterruptibly and without a timeout.
 * Mainline: `nvme_free_ns_head()`, which waits for nobody.
 */
export const make_head_uninit = ({ wait_for_last_put }: V3Parts) =>
  kfn('mpath_head_uninit', function* (head: mpath_head): Steps<void> {
    if (yield* refcount_dec_and_test(head.refcount)) yield* cleanup_srcu_struct(head.srcu);
    else yield* wait_for_last_put(head);
  });
