// SPDX-License-Identifier: GPL-2.0-only
import { kfn, type mpath_device, type Steps } from '@libmultipath/driver-kit';
import { path_is_disabled, path_is_optimized, path_may_come } from '../environment/path-state.js';
import { container_of_device } from './nvme-ns.js';

/*
 * The three questions of the library about a path, answered from the state of its
 * controller. Context of each: any, inside an SRCU read section of the head.
 */

/** Kernel: nvme_mpath_is_disabled(), NVMe v3 (nvme_path_is_disabled() before). */
export const nvme_mpath_is_disabled = kfn('nvme_mpath_is_disabled', (dev: mpath_device): Steps<boolean> =>
  path_is_disabled(container_of_device(dev)),
);

/** Kernel: nvme_mpath_is_optimized(), NVMe v3. */
export const nvme_mpath_is_optimized = kfn('nvme_mpath_is_optimized', (dev: mpath_device): Steps<boolean> =>
  path_is_optimized(container_of_device(dev)),
);

/** Kernel: nvme_mpath_available_path(), NVMe v3. */
export const nvme_mpath_available_path = kfn('nvme_mpath_available_path', (dev: mpath_device): Steps<boolean> =>
  path_may_come(container_of_device(dev).ctrl),
);
