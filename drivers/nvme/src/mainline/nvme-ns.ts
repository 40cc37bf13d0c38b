// SPDX-License-Identifier: GPL-2.0-only
import { list_head } from '@libmultipath/driver-kit';
import { madeBy } from '../environment/made-by.js';
import { nvme_ns_base } from '../environment/nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/** Kernel: struct nvme_ns: a path of a head. */
export class nvme_ns extends nvme_ns_base {
  /** Set by nvme_init_ns_head(), before anybody else sees the path. */
  head: nvme_ns_head | null = null;
  /** In `head->list`, in the order of attachment. */
  readonly siblings = new list_head<nvme_ns>(this);
}

/** A path as core.c hands it back: this multipath made it. */
export const path_of = madeBy(nvme_ns, 'path of mainline multipath');
