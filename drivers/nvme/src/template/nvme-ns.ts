// SPDX-License-Identifier: GPL-2.0-only
import { madeBy } from '../environment/made-by.js';
import { nvme_ns_base } from '../environment/nvme-ns.js';
import type { template_head } from './nvme-ns-head.js';

/** Kernel: struct nvme_ns of the conversions: a path. Each revision embeds its own `struct mpath_device` in it. */
export abstract class template_ns extends nvme_ns_base {
  /** Set by nvme_init_ns_head(), before core.c knows the path. */
  head: template_head | null = null;
}

/** A path as core.c hands it back: the template made it. */
export const path_of = madeBy(template_ns, 'path of the template');
