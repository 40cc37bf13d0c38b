// SPDX-License-Identifier: GPL-2.0-only
import { mpath_alloc_head_disk } from './alloc-disk.js';
import {
  mpath_can_remove_head,
  mpath_delayed_removal_secs_show,
  mpath_delayed_removal_secs_store,
  mpath_head_queue_if_no_path,
} from './delayed-removal.js';
import {
  mpath_add_device,
  mpath_clear_current_path,
  mpath_clear_paths,
  mpath_delete_device,
  mpath_head_devices_empty,
  mpath_revalidate_paths,
} from './device.js';
import { mpath_put_disk, mpath_remove_disk } from './disk.js';
import { mpath_head_init, mpath_schedule_requeue_work, mpath_synchronize } from './head.js';
import { mpath_chr_ioctl } from './ioctl.js';
import { mpath_iopolicy_show, mpath_iopolicy_store, mpath_qd_iopolicy } from './iopolicy.js';
import { mpath_numa_nodes_show } from './numa-nodes.js';
import { is_mpath_disk, mpath_gendisk_to_head } from './operations.js';
import { mpath_get_head, mpath_head_uninit, mpath_put_head } from './references.js';
import { mpath_find_path, mpath_read_iopolicy } from './select.js';
import { mpath_device_set_live } from './set-live.js';
import { mpath_bdev_submit_bio } from './submit.js';
import { mpath_add_sysfs_link, mpath_attr_group, mpath_remove_sysfs_link } from './sysfs-link.js';
import { mpath_init } from './workqueue.js';

/**
 * The library as a driver receives it: revision v3 of the posted series (3 July 2026).
 * Static functions are not among these: no driver can call them.
 */
export const libV3 = Object.freeze({
  revision: 'v3' as const,
  mpath_init,
  // The head.
  mpath_head_init,
  mpath_head_uninit,
  mpath_get_head,
  mpath_put_head,
  mpath_synchronize,
  mpath_schedule_requeue_work,
  // Its disk.
  mpath_alloc_head_disk,
  mpath_device_set_live,
  mpath_remove_disk,
  mpath_put_disk,
  mpath_gendisk_to_head,
  is_mpath_disk,
  // Its paths.
  mpath_add_device,
  mpath_delete_device,
  mpath_head_devices_empty,
  mpath_clear_current_path,
  mpath_clear_paths,
  mpath_revalidate_paths,
  // I/O.
  mpath_find_path,
  mpath_read_iopolicy,
  mpath_bdev_submit_bio,
  mpath_chr_ioctl,
  // Delayed removal.
  mpath_can_remove_head,
  mpath_head_queue_if_no_path,
  mpath_delayed_removal_secs_show,
  mpath_delayed_removal_secs_store,
  // sysfs.
  mpath_attr_group,
  mpath_add_sysfs_link,
  mpath_remove_sysfs_link,
  mpath_numa_nodes_show,
  mpath_iopolicy_show,
  mpath_iopolicy_store,
  mpath_qd_iopolicy,
});

export type LibV3 = typeof libV3;
