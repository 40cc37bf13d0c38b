// SPDX-License-Identifier: GPL-2.0-only
import type { bio, gendisk, Steps } from '@libmultipath/kernel';
import type { mpath_access_state } from '../constants.js';
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
import { make_put_disk } from '../disk/put-disk.js';
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
import { make_revalidate_paths } from '../paths/revalidate.js';
import { make_selection } from '../selection/find-path.js';
import { callbacks } from '../structures/null-pointer.js';
import { make_attr_group } from '../sysfs/attr-group.js';
import { iopolicy_by_name } from '../sysfs/iopolicy-names.js';
import { make_set_iopolicy, mpath_get_iopolicy } from '../sysfs/module-parameter.js';
import { mpath_iopolicy_show, mpath_iopolicy_store, mpath_qd_iopolicy } from '../sysfs/iopolicy.js';
import { make_clear_current_path, mpath_delete_device } from '../paths/of-device.js';
import { mpath_add_device } from './device.js';
import { is_refused, make_remove_disk } from './disk.js';
import { mpath_synchronize } from '../paths/synchronize.js';
import { make_head_init } from './head-init.js';
import { mpath_read_iopolicy } from './iopolicy.js';
import { mpath_numa_nodes_show } from './numa-nodes.js';
import {
  head_from,
  make_mpath_ops,
  mpath_bd_device_to_head,
  mpath_gendisk_to_head,
  private_data,
} from './operations.js';
import { v3Parts, type V3Parts } from './parts.js';
import { make_head_uninit, make_opens, make_put_head, mpath_get_head } from './references.js';
import { send } from './send.js';
import { make_set_live } from './set-live.js';
import { mpath_head, type mpath_device } from './structures.js';
import { mpath_add_sysfs_link, mpath_remove_sysfs_link } from '../sysfs/links-of-device.js';
import { answer } from '../structures/ask.js';

/** The head that a char device's node stands for. */
const head_of_inode = make_head_of_inode((container) => container instanceof mpath_head);

/** I/O of the head's disk, and the choice of a path. */
const make_io = (parts: V3Parts) => {
  const selection = make_selection(parts.selection);
  const submit = make_submit_bio({
    ...parts,
    send: (head, dev, what) => send(parts, head, dev, what),
    mpath_find_path: selection.mpath_find_path,
    mpath_available_path: make_available_path<mpath_device, mpath_head>((head, dev) =>
      answer('available_path', callbacks(head).available_path(dev)),
    ),
  });
  const mpath_bdev_submit_bio = (head: mpath_head, what: bio): Steps<void> => submit(head, head.parent, what);
  return { ...selection, mpath_bdev_submit_bio };
};

/** What each library was made of, for what is no function of the library. */
const partsOf = new WeakMap<object, V3Parts>();

/**
 * The library as a driver receives it, made of the given parts.
 * Static functions are not among these: no driver can call them.
 * @param revision name of what the parts make
 */
export const makeV3 = <R extends string>(revision: R, parts: V3Parts) => {
  const { __mpath_find_path, mpath_find_path, mpath_bdev_submit_bio } = make_io(parts);
  const mpath_put_head = make_put_head(parts);
  const opens = make_opens(parts, mpath_put_head);
  const mpath_ops = make_mpath_ops({
    ...opens,
    mpath_bdev_submit_bio,
    mpath_bdev_ioctl: make_bdev_ioctl<mpath_device, mpath_head>(mpath_find_path),
    ...make_disk_methods<mpath_device, mpath_head>(mpath_find_path, private_data),
    pr_ops: make_pr_ops<mpath_device, mpath_head>(mpath_find_path, head_from),
  });
  /**
   * Kernel: `is_mpath_disk()`, v3 patch 02. Pure.
   * Mainline: `nvme_disk_is_ns_head()`.
   */
  const is_mpath_disk = (disk: gendisk): boolean => disk.fops === mpath_ops;
  const mpath_chr_fops = make_chr_fops<mpath_head>({
    head_of_inode,
    ...opens,
    mpath_chr_ioctl: make_chr_ioctl<mpath_device, mpath_head>(mpath_find_path),
    mpath_chr_uring_cmd: make_chr_uring_cmd<mpath_device, mpath_head>(mpath_find_path),
    mpath_chr_uring_cmd_iopoll: make_chr_uring_cmd_iopoll<mpath_device, mpath_head>(),
  });
  const library = Object.freeze({
    revision,
    ...parts.structures,
    mpath_init,
    // The head.
    mpath_head_init: make_head_init(parts),
    mpath_head_uninit: make_head_uninit(parts),
    mpath_get_head,
    mpath_put_head,
    mpath_synchronize,
    mpath_schedule_requeue_work,
    // Its disk.
    mpath_alloc_head_disk: make_alloc_head_disk<mpath_device, mpath_head>({
      is_refused,
      mpath_ops,
      mpath_remove_head_work: make_remove_head_work<mpath_device, mpath_head>(parts.was_removed),
      note_allocation: (head) => parts.note_removal(head, false),
    }),
    mpath_device_set_live: make_set_live(__mpath_find_path),
    mpath_remove_disk: make_remove_disk(parts),
    mpath_put_disk: make_put_disk(parts.end_removal),
    mpath_bd_device_to_head,
    mpath_gendisk_to_head,
    is_mpath_disk,
    // Its paths.
    mpath_add_device,
    mpath_delete_device,
    mpath_head_devices_empty,
    mpath_clear_current_path: make_clear_current_path(parts.readers_may_have_it),
    mpath_clear_paths,
    mpath_revalidate_paths: make_revalidate_paths<mpath_device>(),
    mpath_call_for_device: make_call_for_device<mpath_device, mpath_head>(mpath_find_path),
    // I/O.
    mpath_find_path,
    mpath_read_iopolicy,
    mpath_bdev_submit_bio,
    mpath_chr_fops,
    // Delayed removal.
    mpath_can_remove_head: make_can_remove_head<mpath_head>(parts.armed_again),
    mpath_head_queue_if_no_path,
    mpath_delayed_removal_secs_show,
    mpath_delayed_removal_secs_store,
    // sysfs.
    mpath_attr_group: make_attr_group(is_mpath_disk),
    mpath_add_sysfs_link,
    mpath_remove_sysfs_link,
    mpath_numa_nodes_show,
    mpath_iopolicy_show,
    mpath_iopolicy_store,
    mpath_qd_iopolicy,
    mpath_set_iopolicy: make_set_iopolicy(iopolicy_by_name),
    mpath_get_iopolicy,
  });
  partsOf.set(library, parts);
  return library;
};

/** Revision v3 of the posted series (3 July 2026). */
export const libV3 = makeV3('v3', v3Parts);

/** v3, or something made of its parts: the same functions, and what a driver of v3 is written against. */
export type LibV3 = Omit<typeof libV3, 'revision'> & { readonly revision: string };

/**
 * How a driver over the library stores the access state of a path: in v3 it assigns the field itself, a remedy may
 * have it call a function.
 */
export const store_access_state = (lib: LibV3, dev: mpath_device, state: mpath_access_state): Steps<void> =>
  (partsOf.get(lib) ?? v3Parts).store_access_state(dev, state);
