// SPDX-License-Identifier: GPL-2.0-only
import {
  blkdev_compat_ptr_ioctl,
  BLK_UID_EUI64,
  E,
  get_capacity,
  kfn,
  load,
  makeStep,
  type blk_report_zones_args,
  type blk_unique_id,
  type block_device_operations,
  type gendisk,
  type hd_geometry,
  type Steps,
} from '@libmultipath/driver-kit';
import type { nvme_ns_base } from '../environment/nvme-ns.js';
import { nvme_ioctl } from './ns-ioctl.js';
import { nvme_pr_ops } from './pr.js';

/** The same whatever the medium is. Kernel: nvme_getgeo(), all versions. @returns 0 */
export const nvme_getgeo = kfn('nvme_getgeo', function* (disk: gendisk, geo: hd_geometry): Steps<number> {
  geo.heads = 1 << 6;
  geo.sectors = 1 << 5;
  geo.cylinders = Math.floor((yield* get_capacity(disk)) / 2 ** 11);
  return 0;
});

/** Bytes of hexadecimal text. Pure. */
const bytesOf = (hex: string): number[] => (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));

/**
 * The longer of the identifiers that the namespace has. Kernel: nvme_ns_get_unique_id(), all versions.
 * @returns 16 or 8; -EINVAL for another type, or without an identifier
 */
export const nvme_ns_get_unique_id = kfn(
  'nvme_ns_get_unique_id',
  function* (ns: nvme_ns_base, id: number[], type: blk_unique_id): Steps<number> {
    if (type !== BLK_UID_EUI64) return -E.EINVAL;
    const head = yield* load(ns, 'head');
    if (head === null) return -E.EINVAL;
    const { nguid, eui64 } = yield* load(head, 'ids');
    const bytes = bytesOf(nguid === '' ? eui64 : nguid);
    if (bytes.length === 0) return -E.EINVAL;
    id.splice(0, bytes.length, ...bytes);
    return bytes.length;
  },
);

/**
 * Zones of equal length, all empty. Kernel: nvme_ns_report_zones(), all versions. Context: may sleep.
 * @returns how many were reported, or what the callback gave that is negative; -EINVAL without zones
 */
export const nvme_ns_report_zones = kfn(
  'nvme_ns_report_zones',
  function* (ns: nvme_ns_base, sector: number, nr_zones: number, args: blk_report_zones_args): Steps<number> {
    const { media } = ns;
    const { zoneSectors: len, capacitySectors } = media;
    if (len === 0) return -E.EINVAL;
    yield makeStep('nvme_report_zones', media, 'blocks', 'read', { ordering: 'full' });
    let reported = 0;
    const first = Math.floor(sector / len) * len;
    for (let start = first; start < capacitySectors && reported < nr_zones; start += len) {
      const error = yield* args.cb({ start, len, wp: start }, reported);
      if (error < 0) return error;
      reported++;
    }
    return reported;
  },
);

/** What a path's own disk has beside its queue. Kernel: nvme_bdev_ops, 6.12 to 7.3. */
export const disk_methods = (ns: nvme_ns_base): block_device_operations => ({
  ioctl: nvme_ioctl(ns),
  compat_ioctl: blkdev_compat_ptr_ioctl,
  getgeo: nvme_getgeo,
  get_unique_id: (_disk, id, type) => nvme_ns_get_unique_id(ns, id, type),
  report_zones: (_disk, sector, nr_zones, args) => nvme_ns_report_zones(ns, sector, nr_zones, args),
  pr_ops: nvme_pr_ops(ns),
});
