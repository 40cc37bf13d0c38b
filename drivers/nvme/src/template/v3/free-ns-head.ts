// SPDX-License-Identifier: GPL-2.0-only
import { ida_free, in_module, kfn, kfree, type LibV3, type Steps } from '@libmultipath/driver-kit';
import { nvme_put_subsystem } from '../../environment/nvme-subsystem.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/**
 * What comes when the library is done with the head. Its last put may be the one to call it, on the remedy
 * last-put-releases-head: it is text of the module, wherever it runs, and a frame of its own: the posted function frees
 * after mpath_head_uninit() has returned. Part of nvme_free_ns_head(), NVMe v3.
 */
export const release_ns_head = kfn('nvme_free_ns_head', function* (head: nvme_ns_head): Steps<void> {
  yield* nvme_put_subsystem(head.subsys);
  yield* kfree(head);
});

/** Hands the head to the library for the last time. */
export const leave_ns_head = (lib: LibV3, head: nvme_ns_head, release: Steps<void>): Steps<void> =>
  lib.mpath_head_uninit(head.mpath_head, () => in_module(head.subsys.core.this_module, 'nvme_free_ns_head', release));

/**
 * Openers are the library's business: who frees the head waits here until the last one has closed.
 * Kernel: nvme_free_ns_head(), NVMe v3. Context: may sleep, without a bound.
 */
export const nvme_free_ns_head = kfn('nvme_free_ns_head', function* (lib: LibV3, head: nvme_ns_head): Steps<void> {
  yield* lib.mpath_put_disk(head.mpath_head);
  yield* ida_free(head.subsys.ns_ida, head.instance);
  yield* leave_ns_head(lib, head, release_ns_head(head));
});
