// SPDX-License-Identifier: GPL-2.0-only
import { checkTemplate, templateShapeV3, type LibV3, type mpath_head_template } from '@libmultipath/driver-kit';
import { nvme_add_ns_head_cdev, nvme_del_ns_head_cdev, nvme_mpath_cdev_ioctl } from './cdev.js';
import { nvme_mpath_remove_head } from './head-removal.js';
import { nvme_mpath_available_path, nvme_mpath_is_disabled, nvme_mpath_is_optimized } from './path-state.js';

/**
 * What NVMe gives to the library. No `clone_bio`: a bio is sent down as it is and stolen back
 * from a request that failed. (`ioctl_begin` and `ioctl_finish` are for the controller's own
 * ioctls, which the environment does not have.)
 * Kernel: `nvme_mpdt`, NVMe v3.
 */
export const makeTemplate = (lib: LibV3): mpath_head_template => {
  const mpdt: mpath_head_template = {
    available_path: nvme_mpath_available_path,
    is_disabled: nvme_mpath_is_disabled,
    is_optimized: nvme_mpath_is_optimized,
    remove_head: (head) => nvme_mpath_remove_head(lib, head),
    add_cdev: (head) => nvme_add_ns_head_cdev(lib, head),
    del_cdev: nvme_del_ns_head_cdev,
    cdev_ioctl: nvme_mpath_cdev_ioctl,
  };
  checkTemplate({ ...mpdt }, templateShapeV3);
  return mpdt;
};
