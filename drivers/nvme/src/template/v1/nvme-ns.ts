// SPDX-License-Identifier: GPL-2.0-only
import { isUninitialised, v1, type KObject } from '@libmultipath/driver-kit';
import { madeBy } from '../../environment/made-by.js';
import type { NamespaceMedia } from '../../environment/hardware.js';
import type { nvme_ctrl } from '../../environment/nvme-ctrl.js';
import { errors } from '../../errors.js';
import { template_ns } from '../nvme-ns.js';

/**
 * Kernel: struct nvme_ns, NVMe v1. Nobody writes the node of its `mpath_device`, so each path is on node 0, as
 * zeroed memory says; and nobody counts its requests.
 */
export class nvme_ns extends template_ns {
  readonly mpath_device = new v1.mpath_device(this);

  constructor(ctrl: nvme_ctrl, media: NamespaceMedia) {
    super(ctrl, media);
    this.mpath_device.numa_node = 0;
  }
}

/** A path of this revision. */
export const ns_from = madeBy(nvme_ns, 'path of NVMe v1');

/** Kernel: nvme_mpath_to_ns(), NVMe v1. */
export const nvme_mpath_to_ns = (dev: v1.mpath_device): nvme_ns => {
  if (dev.container instanceof nvme_ns) return dev.container;
  const pointer: KObject = dev;
  // container_of() of a variable that nobody set is as good a pointer as that is: whoever goes through it faults.
  if (isUninitialised(pointer)) return pointer as nvme_ns;
  throw errors.fail('LMP-202', { message: `${dev.label} is embedded in no nvme_ns`, todo: 'report this' });
};
