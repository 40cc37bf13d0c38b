// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_disk_changed,
  GD_SUPPRESS_PART_SCAN,
  kfn,
  mutex_lock,
  mutex_unlock,
  test_and_clear_bit,
  WARN_ON_ONCE,
  type Steps,
} from '@libmultipath/driver-kit';
import type { nvme_ns_head } from './nvme-ns-head.js';

/**
 * Reads the partition table through the head. Not done by the scan of the controller: it
 * waits as long as its I/O does, and only that scan could bring a path.
 * Kernel: nvme_partition_scan_work(), 6.1 (stable) to 7.3. Context: nvme_wq.
 */
export const nvme_partition_scan_work = kfn('nvme_partition_scan_work', function* (head: nvme_ns_head): Steps<void> {
  const { disk } = head;
  if (disk === null) return;
  const suppressed = yield* test_and_clear_bit(GD_SUPPRESS_PART_SCAN, disk, 'state');
  if (WARN_ON_ONCE(!suppressed, 'nvme_partition_scan_work: partition scan was not suppressed')) return;
  yield* mutex_lock(disk.open_mutex);
  yield* bdev_disk_changed(disk);
  yield* mutex_unlock(disk.open_mutex);
});
