// SPDX-License-Identifier: GPL-2.0-only
import { mpath_device } from '@libmultipath/driver-kit';
import { madeBy } from '../environment/made-by.js';
import { nvme_ns_base } from '../environment/nvme-ns.js';
import { errors } from '../errors.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/** Kernel: struct nvme_ns of the conversion: a path, with the library's device embedded. */
export class nvme_ns extends nvme_ns_base {
  /** Set by nvme_init_ns_head(), before core.c knows the path. */
  head: nvme_ns_head | null = null;
  readonly mpath_device = new mpath_device(this);
}

/** A path as core.c hands it back: the template made it. */
export const path_of = madeBy(nvme_ns, 'path of the template');

/** Kernel: container_of(mpath_device, struct nvme_ns, mpath_device). */
export const container_of_device = (dev: mpath_device): nvme_ns => {
  if (dev.container instanceof nvme_ns) return dev.container;
  throw errors.fail('LMP-202', { message: `${dev.label} is embedded in no nvme_ns`, todo: 'report this' });
};
