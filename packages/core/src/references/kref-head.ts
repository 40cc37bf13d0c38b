// SPDX-License-Identifier: GPL-2.0-only
import {
  cleanup_srcu_struct,
  E,
  init_srcu_struct,
  kfn,
  kfree,
  kref_get_unless_zero,
  kref_init,
  kref_put,
  kzalloc,
  type AllocOptions,
  type kref,
  type Steps,
} from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

/** A head that the library allocates, and frees with its last reference: v1 and v2. */
export type head_with_kref = mpath_head_base<mpath_device_base> & { readonly ref: kref };

/** Kernel: `mpath_free_head()`, v1 and v2 patch 01. Nothing is flushed, and nothing that is parked is looked for. */
const mpath_free_head = kfn('mpath_free_head', function* (head: head_with_kref): Steps<void> {
  yield* cleanup_srcu_struct(head.srcu);
  yield* kfree(head);
});

/**
 * Kernel: `mpath_get_head()`, v1 and v2 patch 01. 0, or -ENXIO when the count is already 0.
 * Mainline: `nvme_tryget_ns_head()`.
 */
export const mpath_get_head = kfn('mpath_get_head', function* (head: head_with_kref): Steps<number> {
  return (yield* kref_get_unless_zero(head.ref)) ? 0 : -E.ENXIO;
});

/**
 * Kernel: `mpath_put_head()`, v1 and v2 patch 01. The last put frees the head.
 * Mainline: `nvme_put_ns_head()`.
 */
export const mpath_put_head = kfn('mpath_put_head', function* (head: head_with_kref): Steps<void> {
  yield* kref_put(head.ref, () => mpath_free_head(head));
});

/**
 * A head on the heap, zeroed but for what `init` sets up of its works. The caller has its one reference.
 *
 * Kernel: `mpath_alloc_head()`, v1 and v2 patch 01. Context: may sleep.
 * Mainline: `nvme_alloc_ns_head()`.
 * @param make runs the constructor
 * @returns the head; the negative errno (the kernel's error pointer) -ENOMEM, with `mayFail` alone,
 * when there is no memory for it or for its SRCU struct
 */
export const make_alloc_head = <H extends head_with_kref>(make: () => H, init: (head: H) => void) =>
  kfn('mpath_alloc_head', function* (options: AllocOptions = {}): Steps<H | number> {
    const head = yield* kzalloc(make, { mayFail: 'declared', ...options });
    if (head === null) return -E.ENOMEM;
    yield* kref_init(head.ref);
    init(head);
    const error = yield* init_srcu_struct(head.srcu, { mayFail: 'declared', ...options });
    if (error !== 0) {
      yield* kfree(head);
      return error;
    }
    return head;
  });
