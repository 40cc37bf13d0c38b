// SPDX-License-Identifier: GPL-2.0-only
import {
  clear_bit,
  dev_err,
  dev_info,
  disk_to_dev,
  GD_ADDED,
  list_first_or_null_rcu,
  list_next_or_null_rcu,
  srcu_read_lock,
  srcu_read_unlock,
  sysfs_add_link_to_group,
  sysfs_remove_link_from_group,
  test_and_set_bit,
  test_bit,
  type gendisk,
  type Steps,
} from '@libmultipath/kernel';
import { MPATH_DEVICE_SYSFS_ATTR_LINK } from '../constants.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';
import { disk_of } from '../structures/null-pointer.js';
import { GROUP } from './attr-group.js';

const add_link = function* (head_disk: gendisk, dev: mpath_device_base): Steps<void> {
  const disk = yield* disk_of(dev);
  if (!(yield* test_bit(GD_ADDED, disk, 'state'))) return;
  if (yield* test_and_set_bit(MPATH_DEVICE_SYSFS_ATTR_LINK, dev, 'flags')) return;
  const rc = yield* sysfs_add_link_to_group(head_disk.device.kobj, GROUP, disk.device.kobj, disk.device.name);
  if (rc !== 0) {
    dev_err(head_disk, `failed to create link to ${disk.device.name} rc=${String(rc)}`);
    yield* clear_bit(MPATH_DEVICE_SYSFS_ATTR_LINK, dev, 'flags');
    return;
  }
  dev_info(head_disk, `Created multipath sysfs link to ${disk.disk_name}`);
};

/**
 * Links every path whose disk is added and that has no link yet.
 * Body of `mpath_add_sysfs_link()`, patch 08 of v1 to v3. Context: may sleep.
 */
export function* link_paths(head: mpath_head_base<mpath_device_base>, disk: gendisk | null): Steps<void> {
  if (disk === null || !(yield* test_bit(GD_ADDED, disk, 'state'))) return;
  const idx = yield* srcu_read_lock(head.srcu);
  let dev = yield* list_first_or_null_rcu(head.dev_list);
  for (; dev !== null; dev = yield* list_next_or_null_rcu(head.dev_list, dev.siblings)) yield* add_link(disk, dev);
  yield* srcu_read_unlock(head.srcu, idx);
}

/**
 * Removes the path's link; test and clear are two steps.
 * Body of `mpath_remove_sysfs_link()`, patch 08 of v1 to v3.
 * @param head_disk how the revision comes to the head's disk, once it is known that there is a link
 */
export function* unlink_path_sysfs(dev: mpath_device_base, head_disk: () => Steps<gendisk | null>): Steps<void> {
  if (!(yield* test_bit(MPATH_DEVICE_SYSFS_ATTR_LINK, dev, 'flags'))) return;
  const { kobj } = disk_to_dev(yield* head_disk());
  const disk = yield* disk_of(dev);
  yield* sysfs_remove_link_from_group(kobj, GROUP, disk.device.name);
  yield* clear_bit(MPATH_DEVICE_SYSFS_ATTR_LINK, dev, 'flags');
}
