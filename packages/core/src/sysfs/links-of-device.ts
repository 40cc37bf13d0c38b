// SPDX-License-Identifier: GPL-2.0-only
import { kfn, load, type Steps } from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import { head_of, type mpath_device_with_head } from '../structures/mpath-device-with-head.js';
import type { mpath_head_with_disk } from '../structures/mpath-head-with-disk.js';
import { link_paths, unlink_path_sysfs } from './links.js';

type Head = mpath_head_with_disk<mpath_device_base>;

/**
 * Kernel: `mpath_add_sysfs_link()`, v2 and v3 patch 08. Context: may sleep.
 * Mainline: `nvme_mpath_add_sysfs_link()`.
 */
export const mpath_add_sysfs_link = kfn('mpath_add_sysfs_link', function* (head: Head): Steps<void> {
  yield* link_paths(head, yield* load(head, 'disk'));
});

/**
 * Kernel: `mpath_remove_sysfs_link()`, v2 and v3 patch 08. Context: may sleep.
 * Mainline: `nvme_mpath_remove_sysfs_link()`.
 */
export const mpath_remove_sysfs_link = kfn(
  'mpath_remove_sysfs_link',
  function* (dev: mpath_device_with_head<Head>): Steps<void> {
    yield* unlink_path_sysfs(dev, function* () {
      return yield* load(yield* head_of(dev), 'disk');
    });
  },
);
