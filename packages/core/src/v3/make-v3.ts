// SPDX-License-Identifier: GPL-2.0-only
import type { bio, gendisk, Steps } from '@libmultipath/kernel';
import { make_can_remove_head, mpath_head_queue_if_no_path } from '../delayed-removal/can-remove-head.js';
import {
  mpath_delayed_removal_secs_show,
  mpath_delayed_removal_secs_store,
} from '../delayed-removal/delayed-removal-secs.js';
import { make_remove_head_work } from '../delayed-removal/remove-head-work.js';
import { make_alloc_head_disk } from '../disk/alloc-head-disk.js';
import { mpath_put_disk } from '../disk/put-disk.js';
import { make_available_path } from '../io/available-path.js';
import { mpath_schedule_requeue_work } from '../io/requeue.js';
import { make_submit_bio } from '../io/submit.js';
import { mpath_init } from '../mpath-wq.js';
import { make_bdev_ioctl } from '../passthrough/bdev-ioctl.js';
import { make_chr_ioctl } from '../passthrough/chr-ioctl.js';
import { make_call_for_device } from '../paths/call-for-device.js';
import { mpath_clear_paths } from '../paths/current-path.js';
import { mpath_head_devices_empty } from '../paths/dev-list.js';
import { make_revalidate_paths } from '../paths/revalidate.js';
import { make_selection } from '../selection/find-path.js';
import { callbacks } from '../structures/null-pointer.js';
import { mpath_attr_group } from '../sysfs/attr-group.js';
import { mpath_iopolicy_show, mpath_iopolicy_store, mpath_qd_iopolicy } from '../sysfs/iopolicy.js';
import { mpath_add_device, mpath_clear_current_path, mpath_delete_device } from './device.js';
import { is_refused, make_remove_disk } from './disk.js';
import { make_head_init, mpath_synchronize } from './head-init.js';
import { mpath_read_iopolicy } from './iopolicy.js';
import { mpath_numa_nodes_show } from './numa-nodes.js';
import { make_mpath_ops, mpath_gendisk_to_head } from './operations.js';
import { v3Parts, type V3Parts } from './parts.js';
import { make_head_uninit, make_put_head, mpath_get_head } from './references.js';
import { make_set_live } from './set-live.js';
import type { mpath_device, mpath_head } from './structures.js';
import { mpath_add_sysfs_link, mpath_remove_sysfs_link } from './sysfs-link.js';

/** `mpath_remove_head_work()` has no part that differs. */
const mpath_remove_head_work = make_remove_head_work<mpath_device, mpath_head>();

/** I/O of the head's disk, and the choice of a path. */
const make_io = (parts: V3Parts) => {
  const selection = make_selection(parts.selection);
  const submit = make_submit_bio({
    ...parts,
    mpath_find_path: selection.mpath_find_path,
    mpath_available_path: make_available_path<mpath_device, mpath_head>((head, dev) =>
      callbacks(head).available_path(dev),
    ),
  });
  const mpath_bdev_submit_bio = (head: mpath_head, what: bio): Steps<void> => submit(head, head.parent, what);
  return { ...selection, mpath_bdev_submit_bio };
};

/**
 * The library as a driver receives it, made of the given parts.
 * Static functions are not among these: no driver can call them.
 * @param revision name of what the parts make
 */
export const makeV3 = <R extends string>(revision: R, parts: V3Parts) => {
  const { __mpath_find_path, mpath_find_path, mpath_bdev_submit_bio } = make_io(parts);
  const mpath_put_head = make_put_head(parts);
  const mpath_bdev_ioctl = make_bdev_ioctl<mpath_device, mpath_head>(mpath_find_path);
  const mpath_ops = make_mpath_ops({ mpath_bdev_submit_bio, mpath_put_head, mpath_bdev_ioctl });
  return Object.freeze({
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
      mpath_remove_head_work,
    }),
    mpath_device_set_live: make_set_live(__mpath_find_path),
    mpath_remove_disk: make_remove_disk(parts),
    mpath_put_disk,
    mpath_gendisk_to_head,
    /** Kernel: `is_mpath_disk()`, v3 patch 02. Pure. */
    is_mpath_disk: (disk: gendisk): boolean => disk.fops === mpath_ops,
    // Its paths.
    mpath_add_device,
    mpath_delete_device,
    mpath_head_devices_empty,
    mpath_clear_current_path,
    mpath_clear_paths,
    mpath_revalidate_paths: make_revalidate_paths<mpath_device>(),
    mpath_call_for_device: make_call_for_device<mpath_device, mpath_head>(mpath_find_path),
    // I/O.
    mpath_find_path,
    mpath_read_iopolicy,
    mpath_bdev_submit_bio,
    mpath_chr_ioctl: make_chr_ioctl<mpath_device, mpath_head>(mpath_find_path),
    // Delayed removal.
    mpath_can_remove_head: make_can_remove_head<mpath_head>(parts.armed_again),
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
};

/** Revision v3 of the posted series (3 July 2026). */
export const libV3 = makeV3('v3', v3Parts);

/** v3, or something made of its parts: the same functions, and what a driver of v3 is written against. */
export type LibV3 = Omit<typeof libV3, 'revision'> & { readonly revision: string };
