// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_is_partition,
  CAP_SYS_RAWIO,
  capable,
  E,
  kfn,
  type blk_mode_t,
  type blk_report_zones_args,
  type blk_unique_id,
  type block_device,
  type gendisk,
  type hd_geometry,
  type Steps,
} from '@libmultipath/kernel';
import { with_path } from '../paths/call-for-device.js';
import { callbacks, disk_of, nullPointer } from '../structures/null-pointer.js';
import { head_of_device } from './head-of-disk.js';
import { ioctl_that_unlocks } from './ioctl.js';
import type { mpath_device, mpath_head } from './structures.js';

type Find = (head: mpath_head) => Steps<mpath_device | null>;

/** A partition's ioctl is for those who may do raw I/O. */
const refuse = (bdev: block_device): number =>
  bdev_is_partition(bdev) && !capable(CAP_SYS_RAWIO) ? -E.ENOIOCTLCMD : 0;

/**
 * Passes an ioctl to the driver with a path.
 * Kernel: `mpath_bdev_ioctl()`, v1 patch 11. Context: may sleep.
 * @returns what `bdev_ioctl` gave; -EWOULDBLOCK without a path; with one, -ENOIOCTLCMD for a partition without CAP_SYS_RAWIO
 */
export const make_bdev_ioctl = (find: Find) =>
  kfn('mpath_bdev_ioctl', function* (bdev: block_device, mode: blk_mode_t, cmd: number, arg: unknown): Steps<number> {
    const head = yield* head_of_device(bdev.bd_disk.device);
    return yield* ioctl_that_unlocks(
      'mpath_bdev_ioctl',
      head,
      find,
      () => refuse(bdev),
      (dev, srcu_idx) => {
        const { bdev_ioctl } = callbacks(head);
        if (bdev_ioctl === undefined) return nullPointer('mpath_head_template.bdev_ioctl', head);
        return bdev_ioctl(bdev, dev, mode, cmd, arg, srcu_idx);
      },
    );
  });

/**
 * Kernel: `mpath_bdev_report_zones()`, v1 patch 10. Context: may sleep.
 * @returns what the driver gave; -EOPNOTSUPP without the callback, path or no path; -EWOULDBLOCK without a path
 */
export const make_report_zones = (find: Find) =>
  kfn(
    'mpath_bdev_report_zones',
    function* (disk: gendisk, sector: number, nr_zones: number, args: blk_report_zones_args): Steps<number> {
      const head = yield* head_of_device(disk.device);
      const { report_zones } = callbacks(head);
      if (report_zones === undefined) return -E.EOPNOTSUPP;
      return yield* with_path(head, find, (dev) => report_zones(dev, sector, nr_zones, args));
    },
  );

/**
 * That the path's disk has the method is not looked at.
 * Kernel: `mpath_bdev_getgeo()`, v1 patch 12. Context: may sleep.
 * @returns what it gave, or -EWOULDBLOCK without a path
 */
export const make_getgeo = (find: Find) =>
  kfn('mpath_bdev_getgeo', function* (disk: gendisk, geo: hd_geometry): Steps<number> {
    const head = yield* head_of_device(disk.device);
    return yield* with_path(head, find, function* (dev) {
      const path_disk = yield* disk_of(dev);
      const { getgeo } = path_disk.fops;
      if (getgeo === undefined) return nullPointer('block_device_operations.getgeo', path_disk);
      return yield* getgeo(path_disk, geo);
    });
  });

/**
 * That the driver has the callback is not looked at.
 * Kernel: `mpath_bdev_get_unique_id()`, v1 patch 13. Context: may sleep.
 * @returns the number of bytes that the driver gave; -EWOULDBLOCK without a path
 */
export const make_get_unique_id = (find: Find) =>
  kfn('mpath_bdev_get_unique_id', function* (disk: gendisk, id: number[], type: blk_unique_id): Steps<number> {
    const head = yield* head_of_device(disk.device);
    return yield* with_path(head, find, (dev) => {
      const { get_unique_id } = callbacks(head);
      if (get_unique_id === undefined) return nullPointer('mpath_head_template.get_unique_id', head);
      return get_unique_id(dev, id, type);
    });
  });
