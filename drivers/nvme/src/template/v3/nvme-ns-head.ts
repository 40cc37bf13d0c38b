// SPDX-License-Identifier: GPL-2.0-only
import type { LibV3, mpath_head } from '@libmultipath/driver-kit';
import { madeBy } from '../../environment/made-by.js';
import type { nvme_subsystem } from '../../environment/nvme-subsystem.js';
import { errors } from '../../errors.js';
import { template_head } from '../nvme-ns-head.js';

/** Kernel: struct nvme_ns_head, NVMe v3: the library's head is embedded, and has the disk, the paths and the queue. */
export class nvme_ns_head extends template_head {
  readonly mpath_head: mpath_head;

  constructor(lib: LibV3, subsys: nvme_subsystem, ns_id: number, shared: boolean, instance: number) {
    super(subsys, ns_id, shared, instance);
    this.mpath_head = new lib.mpath_head(this);
  }
}

/** A head of this revision. */
export const head_from = madeBy(nvme_ns_head, 'head of NVMe v3');

/** Kernel: nvme_mpath_to_ns_head(), NVMe v3. */
export const nvme_mpath_to_ns_head = (head: mpath_head): nvme_ns_head => {
  if (head.container instanceof nvme_ns_head) return head.container;
  throw errors.fail('LMP-202', { message: `${head.label} is embedded in no nvme_ns_head`, todo: 'report this' });
};
