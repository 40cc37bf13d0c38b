// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_mq_freeze_queue,
  blk_mq_unfreeze_queue,
  checkPointer,
  dev_warn,
  get_capacity,
  kfn,
  queue_limits_commit_update,
  queue_limits_start_update,
  set_capacity_and_notify,
  type queue_limits,
  type Steps,
} from '@libmultipath/driver-kit';
import type { scsi_disk } from '../../environment/sd/scsi-disk.js';
import type { Template } from '../template.js';
import { sd_mpath_disk_of } from './sd-mpath-disk.js';

/** The smaller of two, where 0 says nothing. Kernel: min_not_zero(). */
const minNotZero = (a: number, b: number): number => (a === 0 ? b : b === 0 ? a : Math.min(a, b));

/** Block sizes are the path's, what bounds a bio the smaller of both. Kernel: queue_limits_stack_bdev(), as far as limits are modelled. */
const stacked = (head: queue_limits, path: queue_limits): queue_limits => ({
  max_hw_sectors: minNotZero(head.max_hw_sectors, path.max_hw_sectors),
  max_sectors: minNotZero(head.max_sectors, path.max_sectors),
  max_discard_sectors: Math.min(head.max_discard_sectors, path.max_discard_sectors),
  chunk_sectors: minNotZero(head.chunk_sectors, path.chunk_sectors),
  logical_block_size: path.logical_block_size,
  zoned: head.zoned || path.zoned,
});

/**
 * The head's disk gets the limits and the size of this path, whatever those of the others are. Nothing
 * else ever sets them: a rescan does not come here.
 * Kernel: sd_mpath_revalidate_head(), v3. Context: may sleep.
 */
export const sd_mpath_revalidate_head = kfn(
  'sd_mpath_revalidate_head',
  function* ({ lib }: Pick<Template, 'lib'>, sdkp: scsi_disk): Steps<void> {
    const sd_mpath_disk = yield* sd_mpath_disk_of(sdkp);
    if (sd_mpath_disk === null) return;
    const disk = checkPointer(yield* lib.disk_of(sd_mpath_disk.scsi_mpath_head.mpath_head), 'queue');
    const { queue } = disk;
    const lim = yield* queue_limits_start_update(queue);
    yield* blk_mq_freeze_queue(queue);
    const error = yield* queue_limits_commit_update(queue, stacked(lim, sdkp.disk.queue.limits));
    yield* set_capacity_and_notify(disk, yield* get_capacity(sdkp.disk));
    yield* blk_mq_unfreeze_queue(queue);
    if (error !== 0) dev_warn(sdkp.device, 'could not revalidate multipath limits');
  },
);
