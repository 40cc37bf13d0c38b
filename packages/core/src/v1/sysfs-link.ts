// SPDX-License-Identifier: GPL-2.0-only
import { kfn, load, type Steps } from '@libmultipath/kernel';
import { link_paths, unlink_path_sysfs } from '../sysfs/links.js';
import { head_of_disk } from './head-of-disk.js';
import type { mpath_device, mpath_disk } from './structures.js';

/**
 * Kernel: `mpath_add_sysfs_link()`, v1 patch 08. Context: may sleep.
 * Mainline: `nvme_mpath_add_sysfs_link()`.
 */
export const mpath_add_sysfs_link = kfn('mpath_add_sysfs_link', function* (disk: mpath_disk): Steps<void> {
  yield* link_paths(yield* head_of_disk(disk), yield* load(disk, 'disk'));
});

/**
 * Kernel: `mpath_remove_sysfs_link()`, v1 patch 08. Context: may sleep.
 * Mainline: `nvme_mpath_remove_sysfs_link()`.
 */
export const mpath_remove_sysfs_link = kfn(
  'mpath_remove_sysfs_link',
  function* (disk: mpath_disk, dev: mpath_device): Steps<void> {
    yield* unlink_path_sysfs(dev, () => load(disk, 'disk'));
  },
);
