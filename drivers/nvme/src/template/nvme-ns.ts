// SPDX-License-Identifier: GPL-2.0-only
import { atomic_t, mpath_device } from '@libmultipath/driver-kit';
import { nvme_ns_base } from '../environment/nvme-ns.js';
import { errors } from '../errors.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/** Kernel: struct nvme_ns of the conversion: a path, with the library's device embedded. */
export class nvme_ns extends nvme_ns_base {
  /** Set by nvme_init_ns_head(), before core.c knows the path. */
  head: nvme_ns_head | null = null;
  readonly mpath_device = new mpath_device(this);
  /** How often a request left it for its head. */
  readonly failover = new atomic_t(this);
}

/** The path's head: set on every path that core.c knows. */
export const head_of = (ns: nvme_ns): nvme_ns_head => {
  if (ns.head !== null) return ns.head;
  throw errors.fail('LMP-202', {
    message: 'nvme_ns.head is read before nvme_init_ns_head() has set it',
    todo: 'report this',
  });
};

/** A path as core.c hands it back: the template made it. */
export const path_of = (ns: nvme_ns_base): nvme_ns => {
  if (ns instanceof nvme_ns) return ns;
  throw errors.fail('LMP-202', { message: `${ns.label} is no path of the template`, todo: 'report this' });
};

/** Kernel: container_of(mpath_device, struct nvme_ns, mpath_device). */
export const container_of_device = (dev: mpath_device): nvme_ns => {
  if (dev.container instanceof nvme_ns) return dev.container;
  throw errors.fail('LMP-202', { message: `${dev.label} is embedded in no nvme_ns`, todo: 'report this' });
};
