// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_disk_changed,
  GD_SUPPRESS_PART_SCAN,
  mutex_lock,
  mutex_unlock,
  test_and_clear_bit,
  WARN_ON_ONCE,
  type gendisk,
  type Steps,
} from '@libmultipath/kernel';

/**
 * Reads the partitions of a disk that was added without. May wait as long as there is no
 * path. Does not look whether the disk is live.
 * Body of `multipath_partition_scan_work()`, patch 02 of v1 to v3. Context: `mpath-wq`.
 */
export function* scan_partitions(disk: gendisk | null): Steps<void> {
  const suppressed = yield* test_and_clear_bit(GD_SUPPRESS_PART_SCAN, disk, 'state');
  // A disk that is NULL ended in the line above.
  if (disk === null || WARN_ON_ONCE(!suppressed, 'multipath_partition_scan_work: GD_SUPPRESS_PART_SCAN was clear'))
    return;
  yield* mutex_lock(disk.open_mutex);
  yield* bdev_disk_changed(disk);
  yield* mutex_unlock(disk.open_mutex);
}
