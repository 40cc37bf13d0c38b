// SPDX-License-Identifier: GPL-2.0-only
import type { LibV3, mpath_device } from '@libmultipath/driver-kit';
import { madeBy } from '../../environment/made-by.js';
import type { NamespaceMedia } from '../../environment/hardware.js';
import type { nvme_ctrl } from '../../environment/nvme-ctrl.js';
import { errors } from '../../errors.js';
import { template_ns } from '../nvme-ns.js';

/** Kernel: struct nvme_ns, NVMe v3. */
export class nvme_ns extends template_ns {
  readonly mpath_device: mpath_device;

  constructor(lib: LibV3, ctrl: nvme_ctrl, media: NamespaceMedia) {
    super(ctrl, media);
    this.mpath_device = new lib.mpath_device(this);
  }
}

/** A path of this revision. */
export const ns_from = madeBy(nvme_ns, 'path of NVMe v3');

/** Kernel: nvme_mpath_to_ns(), NVMe v3. */
export const nvme_mpath_to_ns = (dev: mpath_device): nvme_ns => {
  if (dev.container instanceof nvme_ns) return dev.container;
  throw errors.fail('LMP-202', { message: `${dev.label} is embedded in no nvme_ns`, todo: 'report this' });
};
