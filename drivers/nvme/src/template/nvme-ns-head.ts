// SPDX-License-Identifier: GPL-2.0-only
import { madeBy } from '../environment/made-by.js';
import { nvme_ns_head_base } from '../environment/nvme-ns-head-base.js';

/** Kernel: struct nvme_ns_head of the conversions. Disk, paths and queue are the library's; how it is reached differs. */
export abstract class template_head extends nvme_ns_head_base {}

/** A head as core.c hands it back: the template made it. */
export const head_from = madeBy(template_head, 'head of the template');
