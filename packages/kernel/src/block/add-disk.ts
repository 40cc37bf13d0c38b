// SPDX-License-Identifier: GPL-2.0-only
import { set_bit } from '../bits/bits.js';
import { device_add, kobject_uevent, type device } from '../device/device.js';
import type { attribute_group } from '../device/kobject.js';
import { E } from '../errno/errno.js';
import { kfn } from '../kfn.js';
import { READ_ONCE, WRITE_ONCE } from '../memory/access.js';
import { refused } from '../memory/failable.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { might_sleep } from '../sched/might-sleep.js';
import type { Steps } from '../step.js';
import { BLK_OPEN_READ } from './block-device-operations.js';
import type { DiskOptions } from './disk.js';
import { GD_ADDED, GENHD_FL_HIDDEN, type gendisk } from './gendisk.js';
import { partitionsOf } from './mark-dead.js';
import { disk_scan_partitions } from './scan-partitions.js';

/** Kernel: disk_uevent(): of the disk and of its partitions that have a size. */
function* disk_uevent(disk: gendisk, action: string): Steps<void> {
  kobject_uevent(disk.device.kobj, action);
  for (const part of yield* partitionsOf(disk)) {
    if ((yield* READ_ONCE(part, 'bd_nr_sectors')) > 0) kobject_uevent(part.bd_device.kobj, action);
  }
}

/** What a disk gets that is not hidden: it can be opened, its partitions are read, then it is announced. */
function* show(disk: gendisk): Steps<void> {
  yield* WRITE_ONCE(disk.part0, 'hashed', true);
  if ((yield* READ_ONCE(disk.part0, 'bd_nr_sectors')) > 0) yield* disk_scan_partitions(disk, BLK_OPEN_READ);
  disk.device.kobj.uevent_suppress = false;
  yield* disk_uevent(disk, 'add');
}

/**
 * The device, then the disk becomes visible (opens and I/O are possible), then the
 * partitions are read unless that is suppressed, then the uevents; GD_ADDED comes last. A
 * hidden disk has a device only, and never a uevent.
 * Kernel: device_add_disk(), block/genhd.c. Context: may sleep.
 * @returns 0, -EEXIST, or with `mayFail` perhaps -ENOMEM
 */
export const device_add_disk = kfn(
  'device_add_disk',
  function* (
    parent: device | null,
    pointer: gendisk | null,
    groups: readonly attribute_group[] | null = null,
    options: DiskOptions = {},
  ): Steps<number> {
    const disk = checkPointer(pointer, 'part0');
    might_sleep('device_add_disk', disk);
    if (yield* refused('device_add_disk', 'gendisk', options)) return -E.ENOMEM;
    checkLive(disk);
    disk.device.parent = parent;
    disk.device.groups = groups ?? [];
    disk.device.kobj.uevent_suppress = true;
    const error = yield* device_add(disk.device);
    if (error !== 0) return error;
    if ((disk.flags & GENHD_FL_HIDDEN) === 0) yield* show(disk);
    yield* set_bit(GD_ADDED, disk, 'state');
    return 0;
  },
);
