// SPDX-License-Identifier: GPL-2.0-only
import { kfn, type KObject, type Steps } from '@libmultipath/driver-kit';
import { path_is_disabled, path_is_optimized, path_may_come } from '../environment/path-state.js';
import { plain_ana_state } from '../environment/ana-state.js';
import type { template_ns } from './nvme-ns.js';

/**
 * The questions of the library about a path, answered from the state of its controller. Context of each: any,
 * inside an SRCU read section of the head.
 * @param ns_of nvme_mpath_to_ns()
 * @param ana_state how the path's ANA state is read
 */
export const make_path_state = <D extends KObject>(ns_of: (dev: D) => template_ns, ana_state = plain_ana_state) => ({
  /** Kernel: nvme_mpath_is_disabled(), NVMe v1 to v3 (nvme_path_is_disabled() before). */
  is_disabled: kfn('nvme_mpath_is_disabled', (dev: D): Steps<boolean> => path_is_disabled(ns_of(dev))),
  /** Kernel: nvme_mpath_is_optimized(), NVMe v1 to v3. */
  is_optimized: kfn('nvme_mpath_is_optimized', (dev: D): Steps<boolean> => path_is_optimized(ns_of(dev), ana_state)),
  /** Kernel: nvme_mpath_available_path(), NVMe v2 and v3. */
  available_path: kfn('nvme_mpath_available_path', (dev: D): Steps<boolean> => path_may_come(ns_of(dev).ctrl)),
});
