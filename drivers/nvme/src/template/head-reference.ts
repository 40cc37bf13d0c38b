// SPDX-License-Identifier: GPL-2.0-only
import { kfn, kref_put, type Steps } from '@libmultipath/driver-kit';
import type { NvmeConversion } from './library.js';
import type { template_head } from './nvme-ns-head.js';

/** Kernel: nvme_put_ns_head(), NVMe v1 to v3. Context: may sleep. */
export const nvme_put_ns_head = kfn(
  'nvme_put_ns_head',
  function* (nvme: Pick<NvmeConversion, 'free_ns_head'>, head: template_head): Steps<void> {
    yield* kref_put(head.ref, () => nvme.free_ns_head(head));
  },
);
