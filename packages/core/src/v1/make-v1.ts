// SPDX-License-Identifier: GPL-2.0-only
import { type bio, type gendisk, type Steps } from '@libmultipath/kernel';
import { make_can_remove_head, mpath_head_queue_if_no_path } from '../delayed-removal/can-remove-head.js';
import {
  mpath_delayed_removal_secs_show,
  mpath_delayed_removal_secs_store,
} from '../delayed-removal/delayed-removal-secs.js';
import { make_available_path } from '../io/available-path.js';
import { mpath_requeue_work } from '../io/requeue.js';
import { make_submit_bio } from '../io/submit.js';
import { mpath_init } from '../mpath-wq.js';
import { make_call_for_device } from '../paths/call-for-device.js';
import { mpath_clear_paths } from '../paths/current-path.js';
import { mpath_synchronize } from '../paths/synchronize.js';
import { mpath_get_head, mpath_put_head } from '../references/kref-head.js';
import { make_selection } from '../selection/find-path.js';
import { mpath_iopolicy_show, mpath_qd_iopolicy } from '../sysfs/iopolicy.js';
import { iopolicy_by_prefix } from '../sysfs/iopolicy-names.js';
import { make_set_iopolicy, mpath_get_iopolicy } from '../sysfs/module-parameter.js';
import { mpath_read_iopolicy } from '../sysfs/read-iopolicy.js';
import { make_attr_group } from './attr-group.js';
import { make_generic_chr_fops } from './chr-fops.js';
import { mpath_add_device, mpath_clear_current_path, mpath_delete_device, mpath_revalidate_paths } from './device.js';
import { make_alloc_head_disk, mpath_put_disk, mpath_remove_disk, mpath_unregister_disk } from './disk.js';
import { mpath_alloc_head } from './head.js';
import { mpath_iopolicy_store } from './iopolicy.js';
import { mpath_head_read_unlock } from './ioctl.js';
import { mpath_numa_nodes_show } from './numa-nodes.js';
import { make_mpath_ops, mpath_bd_device_to_disk, mpath_gendisk_to_disk } from './operations.js';
import { may_come_back, selectionV1 } from './parts.js';
import { make_bdev_ioctl, make_get_unique_id, make_getgeo, make_report_zones } from './passthrough.js';
import { make_pr_ops } from './pr-ops.js';
import { send } from './send.js';
import { make_set_live } from './set-live.js';
import { mpath_device, mpath_disk, mpath_head } from './structures.js';
import { mpath_add_sysfs_link, mpath_remove_sysfs_link } from './sysfs-link.js';

function* nothing(): Steps<void> {}

const { __mpath_find_path, mpath_find_path } = make_selection(selectionV1);

const submit = make_submit_bio<mpath_device, mpath_head>({
  mpath_find_path,
  mpath_available_path: make_available_path(may_come_back),
  send,
  count_parked: nothing,
  count_failed: nothing,
});

/**
 * Kernel: `mpath_bdev_submit_bio()`, v1 patch 04. Context: may sleep. Messages are printed for the disk's parent.
 * Mainline: `nvme_ns_head_submit_bio()`.
 */
const mpath_bdev_submit_bio = (head: mpath_head, disk: mpath_disk, what: bio): Steps<void> =>
  submit(head, disk.parent, what);

const mpath_ops = make_mpath_ops({
  mpath_bdev_submit_bio,
  ioctl: make_bdev_ioctl(mpath_find_path),
  report_zones: make_report_zones(mpath_find_path),
  getgeo: make_getgeo(mpath_find_path),
  get_unique_id: make_get_unique_id(mpath_find_path),
  pr_ops: make_pr_ops(mpath_find_path),
});

/**
 * Kernel: `is_mpath_head()`, v1 patch 02: of a disk, for all its name. Pure.
 * Mainline: `nvme_disk_is_ns_head()`.
 */
const is_mpath_head = (disk: gendisk): boolean => disk.fops === mpath_ops;

const mpath_attr_group = make_attr_group(is_mpath_head);

/** Revision v1 of the posted series (25 February 2026), as a driver receives it. */
export const libV1 = Object.freeze({
  revision: 'v1',
  mpath_head,
  mpath_disk,
  mpath_device,
  mpath_init,
  // The head.
  mpath_alloc_head,
  mpath_get_head,
  mpath_put_head,
  mpath_synchronize,
  /** Exported in v1: it needs no helper to schedule `requeue_work`. */
  mpath_requeue_work,
  // Its disk.
  mpath_alloc_head_disk: make_alloc_head_disk(mpath_ops),
  mpath_device_set_live: make_set_live(__mpath_find_path),
  mpath_remove_disk,
  mpath_put_disk,
  mpath_unregister_disk,
  mpath_bd_device_to_disk,
  mpath_gendisk_to_disk,
  is_mpath_head,
  // Its paths.
  mpath_add_device,
  mpath_delete_device,
  mpath_clear_current_path,
  mpath_clear_paths,
  mpath_revalidate_paths,
  mpath_call_for_device: make_call_for_device<mpath_device, mpath_head>(mpath_find_path),
  // I/O.
  mpath_find_path,
  mpath_bdev_submit_bio,
  mpath_head_read_unlock,
  /** For the char device that a driver's `add_cdev` makes. */
  mpath_generic_chr_fops: make_generic_chr_fops(mpath_find_path),
  // Delayed removal; `remove_work` is the driver's.
  mpath_can_remove_head: make_can_remove_head<mpath_head>(nothing),
  mpath_head_queue_if_no_path,
  mpath_delayed_removal_secs_show,
  mpath_delayed_removal_secs_store,
  // sysfs and the module parameter.
  mpath_attr_group,
  /**
   * Kernel: `mpath_device_groups`, v1 patch 08: for `mpath_head_template.device_groups`.
   * Mainline: `nvme_ns_attr_groups`.
   */
  mpath_device_groups: [mpath_attr_group],
  mpath_add_sysfs_link,
  mpath_remove_sysfs_link,
  mpath_numa_nodes_show,
  mpath_iopolicy_show,
  mpath_iopolicy_store,
  mpath_read_iopolicy,
  mpath_qd_iopolicy,
  mpath_set_iopolicy: make_set_iopolicy(iopolicy_by_prefix),
  mpath_get_iopolicy,
});

/** What a driver of v1 is written against. */
export type LibV1 = typeof libV1;
