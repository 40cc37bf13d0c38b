// SPDX-License-Identifier: GPL-2.0-only
import { E } from '../errno/errno.js';
import { kfn, makeStep } from '../kfn.js';
import { READ_ONCE } from '../memory/access.js';
import { checkLive } from '../memory/check.js';
import { WARN_ON_ONCE } from '../printk/printk.js';
import type { Steps } from '../step.js';
import type { blk_report_zones_args, blk_zone } from './block-device-operations.js';
import type { block_device } from './gendisk.js';
import { fromUser, toUser } from './user-memory.js';

/** Kernel: bdev_is_zoned(). */
export function* bdev_is_zoned(bdev: block_device): Steps<boolean> {
  const { queue } = bdev.bd_disk;
  const step = makeStep('bdev_is_zoned', queue, 'limits', 'read');
  yield step;
  checkLive(queue);
  step.value = queue.limits.zoned;
  return queue.limits.zoned;
}

/**
 * Kernel: blkdev_report_zones(), block/blk-zoned.c. Context: may sleep.
 * @returns the number of zones, what the method gave, or -EOPNOTSUPP: the device is not zoned
 */
export const blkdev_report_zones = kfn(
  'blkdev_report_zones',
  function* (bdev: block_device, sector: number, nr_zones: number, args: blk_report_zones_args): Steps<number> {
    const disk = bdev.bd_disk;
    if (!(yield* bdev_is_zoned(bdev))) return -E.EOPNOTSUPP;
    const { report_zones } = disk.fops;
    if (
      WARN_ON_ONCE(report_zones === undefined, 'blkdev_report_zones: no report_zones') ||
      report_zones === undefined
    ) {
      return -E.EOPNOTSUPP;
    }
    const capacity = yield* READ_ONCE(disk.part0, 'bd_nr_sectors');
    if (nr_zones === 0 || sector >= capacity) return 0;
    return yield* report_zones(disk, sector, nr_zones, args);
  },
);

/**
 * BLKREPORTZONE. The argument has `sector` and `nr_zones`; it gets `nr_zones` and `zones`.
 * Kernel: blkdev_report_zones_ioctl(). @returns 0; -EINVAL, -ENOTTY (not zoned), -EFAULT, or the report's error
 */
export function* blkdev_report_zones_ioctl(bdev: block_device, arg: unknown): Steps<number> {
  if (arg === undefined || arg === null) return -E.EINVAL;
  if (!(yield* bdev_is_zoned(bdev))) return -E.ENOTTY;
  const rep = fromUser(arg, ['sector', 'nr_zones']);
  if (rep === undefined) return -E.EFAULT;
  if (rep.nr_zones === 0) return -E.EINVAL;
  const zones: blk_zone[] = [];
  const result = yield* blkdev_report_zones(bdev, rep.sector, rep.nr_zones, {
    *cb(zone) {
      zones.push(zone);
      return 0;
    },
  });
  if (result < 0) return result;
  return toUser(arg, { nr_zones: result, zones }) ? 0 : -E.EFAULT;
}
