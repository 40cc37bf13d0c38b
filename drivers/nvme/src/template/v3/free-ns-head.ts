// SPDX-License-Identifier: GPL-2.0-only
import { ida_free, kfn, kfree, type LibV3, type Steps } from '@libmultipath/driver-kit';
import { nvme_put_subsystem } from '../../environment/nvme-subsystem.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/**
 * Openers are the library's business: who frees the head waits here until the last one has closed.
 * Kernel: nvme_free_ns_head(), NVMe v3. Context: may sleep, without a bound.
 */
export const nvme_free_ns_head = kfn('nvme_free_ns_head', function* (lib: LibV3, head: nvme_ns_head): Steps<void> {
  const { subsys } = head;
  yield* lib.mpath_put_disk(head.mpath_head);
  yield* ida_free(subsys.ns_ida, head.instance);
  yield* lib.mpath_head_uninit(head.mpath_head);
  yield* nvme_put_subsystem(subsys);
  yield* kfree(head);
});
