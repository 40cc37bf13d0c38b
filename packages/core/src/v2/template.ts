// SPDX-License-Identifier: GPL-2.0-only
import type { attribute_group, bio, Steps } from '@libmultipath/kernel';
import type { mpath_iopolicy_e } from '../constants.js';
import type { template_with_uring_cmd } from '../cdev/uring-cmd.js';
import type { template_with_remove_head } from '../delayed-removal/remove-head-work.js';
import type { template_with_cdev_ioctl } from '../passthrough/chr-ioctl.js';
import type { mpath_device, mpath_head } from './structures.js';

/** What a driver brings, in v2. Source: v2 patches 02 to 13. */
export interface mpath_head_template
  extends
    template_with_remove_head<mpath_device, mpath_head>,
    template_with_cdev_ioctl<mpath_device>,
    template_with_uring_cmd<mpath_device> {
  /** May this path come back soon? Asked per path in list order when none is usable; the first true parks the bio. */
  readonly available_path: (dev: mpath_device) => Steps<boolean>;
  /** Requests in flight on the path's controller or host. Context: as `is_disabled`. */
  readonly get_nr_active: (dev: mpath_device) => Steps<number>;
  /** Asked once for each bio, and again by the full scan for each path that is not disabled and has a node. */
  readonly get_iopolicy: (head: mpath_head) => Steps<mpath_iopolicy_e>;
  /** Makes the char device, after the disk was added. What it returns is ignored. Needs `del_cdev` and `cdev_ioctl`. */
  readonly add_cdev?: (head: mpath_head) => Steps<number>;
  /** Removes it, at every removal of the disk, whether there is one or not. */
  readonly del_cdev?: (head: mpath_head) => Steps<void>;
  /** A clone to send down instead of the original, or null (the original then fails). */
  readonly clone_bio?: (original: bio) => Steps<bio | null>;
  /** Nobody reads it. */
  readonly device_groups?: readonly attribute_group[];
}
