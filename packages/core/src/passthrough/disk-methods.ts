// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  kfn,
  type blk_report_zones_args,
  type blk_unique_id,
  type block_device_operations,
  type gendisk,
  type hd_geometry,
  type Steps,
} from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';
import { on_path, without } from './on-path.js';

/** The methods that take a disk and pass on to the path's. */
export type DiskMethods = Required<Pick<block_device_operations, 'report_zones' | 'getgeo' | 'get_unique_id'>>;

/**
 * Kernel: `mpath_bdev_report_zones()`, `mpath_bdev_getgeo()`, `mpath_bdev_get_unique_id()`, v2 and v3
 * patches 10, 12 and 13. Context: may sleep.
 * @param head_of_disk the head whose disk it is
 * @returns methods that give what the path's gave, or -EWOULDBLOCK without a path; where the path
 *   has none, -EOPNOTSUPP for zones, -ENOTTY for the geometry, 0 for the id
 */
export const make_disk_methods = <D extends mpath_device_base, H extends mpath_head_base<D>>(
  mpath_find_path: (head: H) => Steps<D | null>,
  head_of_disk: (disk: gendisk) => H,
): DiskMethods => ({
  report_zones: kfn(
    'mpath_bdev_report_zones',
    (disk: gendisk, sector: number, nr_zones: number, args: blk_report_zones_args) =>
      on_path<D, H>(
        head_of_disk(disk),
        mpath_find_path,
        (path) => path.fops.report_zones?.(path, sector, nr_zones, args) ?? without(-E.EOPNOTSUPP),
      ),
  ),
  getgeo: kfn('mpath_bdev_getgeo', (disk: gendisk, geo: hd_geometry) =>
    on_path<D, H>(head_of_disk(disk), mpath_find_path, (path) => path.fops.getgeo?.(path, geo) ?? without(-E.ENOTTY)),
  ),
  get_unique_id: kfn('mpath_bdev_get_unique_id', (disk: gendisk, id: number[], type: blk_unique_id) =>
    on_path<D, H>(
      head_of_disk(disk),
      mpath_find_path,
      (path) => path.fops.get_unique_id?.(path, id, type) ?? without(0),
    ),
  ),
});
