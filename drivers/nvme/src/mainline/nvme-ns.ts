// SPDX-License-Identifier: GPL-2.0-only
import { atomic_t, list_head } from '@libmultipath/driver-kit';
import { nvme_ns_base } from '../environment/nvme-ns.js';
import { errors } from '../errors.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/** Kernel: struct nvme_ns: a path of a head. */
export class nvme_ns extends nvme_ns_base {
  /** Set by nvme_init_ns_head(), before anybody else sees the path. */
  head: nvme_ns_head | null = null;
  /** In `head->list`, in the order of attachment. */
  readonly siblings = new list_head<nvme_ns>(this);
  /** 7.x: how often a request left it for its head. */
  readonly failover = new atomic_t(this);
}

/** The path's head: set on every path that is on a list. */
export const head_of = (ns: nvme_ns): nvme_ns_head => {
  if (ns.head !== null) return ns.head;
  throw errors.fail('LMP-202', {
    message: 'nvme_ns.head is read before nvme_init_ns_head() has set it',
    todo: 'report this',
  });
};

/** A path as core.c hands it back: this multipath made it. */
export const path_of = (ns: nvme_ns_base): nvme_ns => {
  if (ns instanceof nvme_ns) return ns;
  throw errors.fail('LMP-202', { message: `${ns.label} is no path of mainline multipath`, todo: 'report this' });
};
