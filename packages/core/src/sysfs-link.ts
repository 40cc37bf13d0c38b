// SPDX-License-Identifier: GPL-2.0-only
import {
  clear_bit,
  dev_err,
  dev_info,
  disk_to_dev,
  GD_ADDED,
  kfn,
  load,
  list_first_or_null_rcu,
  list_next_or_null_rcu,
  srcu_read_lock,
  srcu_read_unlock,
  sysfs_add_link_to_group,
  sysfs_remove_link_from_group,
  test_and_set_bit,
  test_bit,
  type attribute_group,
  type gendisk,
  type Steps,
} from '@libmultipath/kernel';
import { disk_of, head_of } from './callbacks.js';
import { MPATH_DEVICE_SYSFS_ATTR_LINK } from './constants.js';
import type { mpath_device, mpath_head } from './structures.js';

const GROUP = 'multipath';

/**
 * The group that path links go into: one attribute that is never visible, so that the
 * directory exists. Kernel: `mpath_attr_group`, v3 patch 08.
 */
export const mpath_attr_group: attribute_group = {
  name: GROUP,
  attrs: { dummy: { mode: 0 } },
  is_visible: () => false,
};

const add_link = function* (head_disk: gendisk, dev: mpath_device): Steps<void> {
  const disk = yield* load(dev, 'disk');
  if (disk === null || !(yield* test_bit(GD_ADDED, disk, 'state'))) return;
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
 * Kernel: `mpath_add_sysfs_link()`, v3 patch 08. Context: may sleep.
 */
export const mpath_add_sysfs_link = kfn('mpath_add_sysfs_link', function* (head: mpath_head): Steps<void> {
  const disk = yield* load(head, 'disk');
  if (disk === null || !(yield* test_bit(GD_ADDED, disk, 'state'))) return;
  const idx = yield* srcu_read_lock(head.srcu);
  let dev = yield* list_first_or_null_rcu(head.dev_list);
  for (; dev !== null; dev = yield* list_next_or_null_rcu(head.dev_list, dev.siblings)) yield* add_link(disk, dev);
  yield* srcu_read_unlock(head.srcu, idx);
});

/** Test and clear are two steps. Kernel: `mpath_remove_sysfs_link()`, v3 patch 08. */
export const mpath_remove_sysfs_link = kfn('mpath_remove_sysfs_link', function* (dev: mpath_device): Steps<void> {
  if (!(yield* test_bit(MPATH_DEVICE_SYSFS_ATTR_LINK, dev, 'flags'))) return;
  const head_disk = yield* load(yield* head_of(dev), 'disk');
  const disk = yield* disk_of(dev);
  yield* sysfs_remove_link_from_group(disk_to_dev(head_disk).kobj, GROUP, disk.device.name);
  yield* clear_bit(MPATH_DEVICE_SYSFS_ATTR_LINK, dev, 'flags');
});
