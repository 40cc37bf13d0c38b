// SPDX-License-Identifier: GPL-2.0-only
import { v2 } from '@libmultipath/driver-kit';
import { madeBy } from '../../environment/made-by.js';
import { errors } from '../../errors.js';
import { template_ns } from '../nvme-ns.js';

/** Kernel: struct nvme_ns, NVMe v2. */
export class nvme_ns extends template_ns {
  readonly mpath_device = new v2.mpath_device(this);
}

/** A path of this revision. */
export const ns_from = madeBy(nvme_ns, 'path of NVMe v2');

/** Kernel: nvme_mpath_to_ns(), NVMe v2. */
export const nvme_mpath_to_ns = (dev: v2.mpath_device): nvme_ns => {
  if (dev.container instanceof nvme_ns) return dev.container;
  throw errors.fail('LMP-202', { message: `${dev.label} is embedded in no nvme_ns`, todo: 'report this' });
};
