// SPDX-License-Identifier: GPL-2.0-only
import type { KObject } from '@libmultipath/driver-kit';
import type { nvme_core } from './nvme-core.js';
import type { nvme_ns_base } from './nvme-ns.js';
import type { nvme_ns_head_base } from './nvme-ns-head-base.js';

/** Every head and every path that the driver has made: for observers, who look for what nobody finds any more. */
export interface Made {
  readonly heads: nvme_ns_head_base[];
  readonly paths: nvme_ns_base[];
}

const registry = new WeakMap<KObject, Made>();

/** What a core has made so far. No state of the kernel. */
export const madeOf = (core: nvme_core): Made => {
  const known = registry.get(core);
  if (known !== undefined) return known;
  const made: Made = { heads: [], paths: [] };
  registry.set(core, made);
  return made;
};
