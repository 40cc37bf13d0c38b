// SPDX-License-Identifier: GPL-2.0-only
import type { LibV3, mpath_head } from '@libmultipath/driver-kit';
import { madeBy } from '../environment/made-by.js';
import { nvme_ns_head_base } from '../environment/nvme-ns-head-base.js';
import type { nvme_subsystem } from '../environment/nvme-subsystem.js';
import { errors } from '../errors.js';

/** Kernel: struct nvme_ns_head of the conversion: the library's head is embedded, and has the disk, the paths and the queue. */
export class nvme_ns_head extends nvme_ns_head_base {
  readonly mpath_head: mpath_head;

  constructor(lib: LibV3, subsys: nvme_subsystem, ns_id: number, shared: boolean, instance: number) {
    super(subsys, ns_id, shared, instance);
    this.mpath_head = new lib.mpath_head(this);
  }
}

/** A head as core.c hands it back: the template made it. */
export const head_from = madeBy(nvme_ns_head, 'head of the template');

/** Kernel: container_of(mpath_head, struct nvme_ns_head, mpath_head). */
export const container_of_head = (head: mpath_head): nvme_ns_head => {
  if (head.container instanceof nvme_ns_head) return head.container;
  throw errors.fail('LMP-202', { message: `${head.label} is embedded in no nvme_ns_head`, todo: 'report this' });
};
