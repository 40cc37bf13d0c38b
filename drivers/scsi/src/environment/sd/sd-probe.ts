// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_mq_alloc_disk_for_queue,
  del_gendisk,
  dev_info,
  device_add_disk,
  E,
  get_device,
  ida_alloc,
  ida_free,
  kfn,
  kfree,
  kzalloc,
  load,
  put_device,
  put_disk,
  store,
  type Steps,
} from '@libmultipath/driver-kit';
import { blk_mq_submit_bio } from '../mq.js';
import { TYPE_DISK, type scsi_device } from '../scsi-device.js';
import { sd_format_disk_name } from './disk-name.js';
import { sd_revalidate_disk } from './read-capacity.js';
import { scsi_disk } from './scsi-disk.js';
import { sd_ioctl } from './sd-ioctl.js';
import { sd_open, sd_release } from './sd-open.js';
import { sd_pr_ops } from './sd-pr.js';

/** Of the driver's data, when the disk goes, or was never added. Kernel: scsi_disk_free_disk() with scsi_disk_release(), all versions. */
function* free_disk(sdkp: scsi_disk): Steps<void> {
  const { device, index } = sdkp;
  if (index >= 0) yield* ida_free(device.core.sd_index_ida, index);
  yield* kfree(sdkp);
  yield* put_device(device.sdev_gendev);
}

/** A disk that was never added tells nobody when it goes. */
function* give_up(sdkp: scsi_disk): Steps<void> {
  yield* put_disk(sdkp.disk);
  yield* free_disk(sdkp);
}

/** Number and letters, unless who implements multipath has named the disk. */
function* name_disk(sdkp: scsi_disk): Steps<number> {
  const multipathed = yield* sdkp.device.core.mpath.sd_probe(sdkp);
  if (multipathed !== 0) return multipathed;
  sdkp.index = yield* ida_alloc(sdkp.device.core.sd_index_ida);
  sdkp.disk.disk_name = sd_format_disk_name(sdkp.index);
  return 0;
}

/** A disk on the device's queue; a reference on the device is taken for it. */
function* alloc_disk(sdp: scsi_device): Steps<scsi_disk> {
  const disk = yield* blk_mq_alloc_disk_for_queue(sdp.request_queue, sdp.host.numa_node);
  const sdkp = yield* kzalloc(() => new scsi_disk(sdp, disk));
  disk.private_data = sdkp;
  disk.fops = {
    owner: sdp.core.sd_mod,
    queue_bio: (bio) => blk_mq_submit_bio(sdp, bio),
    open: () => sd_open(sdp),
    release: () => sd_release(sdp, disk),
    ioctl: (bdev, mode, cmd) => sd_ioctl(sdp, bdev, mode, cmd),
    pr_ops: sd_pr_ops(sdp),
    free_disk: () => free_disk(sdkp),
  };
  yield* get_device(sdp.sdev_gendev);
  return sdkp;
}

/**
 * The driver sd takes the device: its disk, under a name, with the size it says.
 * Kernel: sd_probe(), all versions. Context: may sleep, the device's lock held.
 * @returns 0, -ENODEV for another type than a disk, or -errno
 */
export const sd_probe = kfn('sd_probe', function* (sdp: scsi_device): Steps<number> {
  if (sdp.type !== TYPE_DISK) return -E.ENODEV;
  const { mpath } = sdp.core;
  const sdkp = yield* alloc_disk(sdp);
  const { disk } = sdkp;
  const multipathed = yield* name_disk(sdkp);
  if (multipathed < 0) {
    yield* give_up(sdkp);
    return multipathed;
  }
  yield* store(sdp, 'sdkp', sdkp);
  yield* sd_revalidate_disk(sdkp);
  yield* mpath.sd_revalidate_head(sdkp);
  const error = sdp.core.refuses_disk(sdp)
    ? -E.ENOMEM
    : yield* device_add_disk(sdp.sdev_gendev, disk, mpath.sd_groups(sdkp));
  if (error !== 0) {
    yield* mpath.sd_fail_probe(sdkp);
    yield* store(sdp, 'sdkp', null);
    yield* give_up(sdkp);
    return error;
  }
  yield* mpath.sd_add_disk(sdkp);
  dev_info(sdp, `[${disk.disk_name}] Attached SCSI disk`);
  return 0;
});

/** Kernel: sd_remove(), all versions. Context: may sleep, the device's lock held. */
export const sd_remove = kfn('sd_remove', function* (sdp: scsi_device): Steps<void> {
  const sdkp = yield* load(sdp, 'sdkp');
  if (sdkp === null) return;
  yield* sdp.core.mpath.sd_remove(sdkp);
  yield* del_gendisk(sdkp.disk);
  yield* put_disk(sdkp.disk);
});
