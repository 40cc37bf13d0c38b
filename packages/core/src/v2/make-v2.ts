// SPDX-License-Identifier: GPL-2.0-only
import type { bio, gendisk, Steps } from '@libmultipath/kernel';
import { make_head_of_inode } from '../cdev/head-of-inode.js';
import { make_chr_fops } from '../cdev/operations.js';
import { make_chr_uring_cmd, make_chr_uring_cmd_iopoll } from '../cdev/uring-cmd.js';
import { make_can_remove_head, mpath_head_queue_if_no_path } from '../delayed-removal/can-remove-head.js';
import {
  mpath_delayed_removal_secs_show,
  mpath_delayed_removal_secs_store,
} from '../delayed-removal/delayed-removal-secs.js';
import { make_remove_head_work } from '../delayed-removal/remove-head-work.js';
import { make_alloc_head_disk } from '../disk/alloc-head-disk.js';
import { make_device_set_live } from '../disk/device-set-live.js';
import { make_put_disk } from '../disk/put-disk.js';
import { mpath_head_add_cdev } from '../disk/unremembered-cdev.js';
import { make_available_path } from '../io/available-path.js';
import { mpath_schedule_requeue_work } from '../io/requeue.js';
import { make_submit_bio } from '../io/submit.js';
import { mpath_init } from '../mpath-wq.js';
import { make_bdev_ioctl } from '../passthrough/bdev-ioctl.js';
import { make_chr_ioctl } from '../passthrough/chr-ioctl.js';
import { make_disk_methods } from '../passthrough/disk-methods.js';
import { make_pr_ops } from '../passthrough/pr.js';
import { make_call_for_device } from '../paths/call-for-device.js';
import { mpath_clear_paths } from '../paths/current-path.js';
import { mpath_head_devices_empty } from '../paths/dev-list.js';
import { make_clear_current_path, mpath_delete_device } from '../paths/of-device.js';
import { make_revalidate_paths } from '../paths/revalidate.js';
import { mpath_synchronize } from '../paths/synchronize.js';
import { mpath_get_head, mpath_put_head } from '../references/kref-head.js';
import { make_selection } from '../selection/find-path.js';
import { callbacks } from '../structures/null-pointer.js';
import { make_attr_group } from '../sysfs/attr-group.js';
import { mpath_iopolicy_show, mpath_iopolicy_store, mpath_qd_iopolicy } from '../sysfs/iopolicy.js';
import { mpath_add_sysfs_link, mpath_remove_sysfs_link } from '../sysfs/links-of-device.js';
import { iopolicy_by_prefix } from '../sysfs/iopolicy-names.js';
import { make_set_iopolicy, mpath_get_iopolicy } from '../sysfs/module-parameter.js';
import { mpath_read_iopolicy } from '../sysfs/read-iopolicy.js';
import { mpath_add_device } from './device.js';
import { is_refused, mpath_remove_disk } from './disk.js';
import { mpath_alloc_head } from './head.js';
import { mpath_numa_nodes_show } from './numa-nodes.js';
import {
  head_from,
  make_mpath_ops,
  mpath_bd_device_to_head,
  mpath_gendisk_to_head,
  private_data,
} from './operations.js';
import { selectionV2 } from './parts.js';
import { send } from './send.js';
import { mpath_device, mpath_head } from './structures.js';
import { answer } from '../structures/ask.js';

function* nothing(): Steps<void> {}

function* never_removed(): Steps<boolean> {
  return false;
}

const { __mpath_find_path, mpath_find_path } = make_selection(selectionV2);

const submit = make_submit_bio<mpath_device, mpath_head>({
  mpath_find_path,
  mpath_available_path: make_available_path<mpath_device, mpath_head>((head, dev) =>
    answer('available_path', callbacks(head).available_path(dev)),
  ),
  send,
  count_parked: nothing,
  count_failed: nothing,
});

/**
 * Kernel: `mpath_bdev_submit_bio()`, v2 patch 04. Context: may sleep.
 * Mainline: `nvme_ns_head_submit_bio()`.
 */
const mpath_bdev_submit_bio = (head: mpath_head, what: bio): Steps<void> => submit(head, head.parent, what);

const mpath_ops = make_mpath_ops({
  mpath_get_head,
  mpath_put_head,
  mpath_bdev_submit_bio,
  mpath_bdev_ioctl: make_bdev_ioctl<mpath_device, mpath_head>(mpath_find_path),
  ...make_disk_methods<mpath_device, mpath_head>(mpath_find_path, private_data),
  pr_ops: make_pr_ops<mpath_device, mpath_head>(mpath_find_path, head_from),
});

const mpath_chr_fops = make_chr_fops<mpath_head>({
  head_of_inode: make_head_of_inode((container) => container instanceof mpath_head),
  mpath_get_head,
  mpath_put_head,
  mpath_chr_ioctl: make_chr_ioctl<mpath_device, mpath_head>(mpath_find_path),
  mpath_chr_uring_cmd: make_chr_uring_cmd<mpath_device, mpath_head>(mpath_find_path),
  mpath_chr_uring_cmd_iopoll: make_chr_uring_cmd_iopoll<mpath_device, mpath_head>(),
});

/**
 * Kernel: `is_mpath_disk()`, v2 patch 02. Pure.
 * Mainline: `nvme_disk_is_ns_head()`.
 */
const is_mpath_disk = (disk: gendisk): boolean => disk.fops === mpath_ops;

const mpath_attr_group = make_attr_group(is_mpath_disk);

/** Revision v2 of the posted series (28 April 2026), as a driver receives it. */
export const libV2 = Object.freeze({
  revision: 'v2',
  mpath_head,
  mpath_device,
  mpath_init,
  // The head.
  mpath_alloc_head,
  mpath_get_head,
  mpath_put_head,
  mpath_synchronize,
  mpath_schedule_requeue_work,
  // Its disk.
  mpath_alloc_head_disk: make_alloc_head_disk<mpath_device, mpath_head>({
    is_refused,
    mpath_ops,
    mpath_remove_head_work: make_remove_head_work<mpath_device, mpath_head>(never_removed),
  }),
  mpath_device_set_live: make_device_set_live<mpath_device, mpath_head>({
    scan: __mpath_find_path,
    make_cdev: mpath_head_add_cdev<mpath_device, mpath_head>,
  }),
  mpath_remove_disk,
  mpath_put_disk: make_put_disk(nothing),
  mpath_bd_device_to_head,
  mpath_gendisk_to_head,
  is_mpath_disk,
  // Its paths.
  mpath_add_device,
  mpath_delete_device,
  mpath_head_devices_empty,
  mpath_clear_current_path: make_clear_current_path((cleared) => cleared),
  mpath_clear_paths,
  mpath_revalidate_paths: make_revalidate_paths<mpath_device>(),
  mpath_call_for_device: make_call_for_device<mpath_device, mpath_head>(mpath_find_path),
  // I/O.
  mpath_find_path,
  mpath_bdev_submit_bio,
  mpath_chr_fops,
  // Delayed removal.
  mpath_can_remove_head: make_can_remove_head<mpath_head>(nothing),
  mpath_head_queue_if_no_path,
  mpath_delayed_removal_secs_show,
  mpath_delayed_removal_secs_store,
  // sysfs and the module parameter.
  mpath_attr_group,
  /**
   * Kernel: `mpath_device_groups`, v2 patch 08.
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

/** What a driver of v2 is written against. */
export type LibV2 = typeof libV2;
