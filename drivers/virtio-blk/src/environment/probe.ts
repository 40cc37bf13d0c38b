// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_mq_alloc_disk,
  device_add_disk,
  E,
  GENHD_FL_HIDDEN,
  GENHD_FL_NO_PART,
  ida_alloc,
  ida_free,
  kfn,
  kfree,
  put_disk,
  READ_ONCE,
  set_capacity,
  store,
  type attribute,
  type Steps,
} from '@libmultipath/driver-kit';
import { virtblk_config_changed_work } from './config-change.js';
import { virtio_queue_rq } from './queue-rq.js';
import { virtio_blk } from './virtio-blk.js';
import type { virtio_core } from './virtio-core.js';
import type { virtio_device } from './virtio-device.js';

const LETTERS = 26;

/** Kernel: virtblk_name_format(): vda to vdz, then vdaa. Pure. */
export const virtblk_name = (index: number): string => {
  let name = '';
  for (let left = index; left >= 0; left = Math.floor(left / LETTERS) - 1) {
    name = String.fromCharCode('a'.charCodeAt(0) + (left % LETTERS)) + name;
  }
  return `vd${name}`;
};

/** Kernel: serial_show(): asks the device. Empty for one that is gone. */
const serialOf = (vblk: virtio_blk): attribute => ({
  mode: 0o444,
  *show() {
    return vblk.vdev?.config.serial ?? '';
  },
});

/** Kernel: virtblk_free_disk(): with the last reference on the disk. */
function* virtblk_free_disk(core: virtio_core, vblk: virtio_blk): Steps<void> {
  yield* ida_free(core.vd_index_ida, vblk.index);
  yield* kfree(vblk);
}

/**
 * The driver binds to a device: its disk is made and named, joins what multipath has for its serial, and
 * is added.
 * Kernel: virtblk_probe(), all versions, with the calls of multipath. Context: may sleep.
 * @returns 0 or -errno
 */
export const virtblk_probe = kfn('virtblk_probe', function* (core: virtio_core, vdev: virtio_device): Steps<number> {
  const { mpath } = core;
  if ((yield* READ_ONCE(vdev, 'priv')) !== null) return -E.EBUSY;
  const index = yield* ida_alloc(core.vd_index_ida);
  const disk = yield* blk_mq_alloc_disk(vdev.config.numaNode);
  const vblk = new virtio_blk(vdev, disk, index, (of) => virtblk_config_changed_work(core, of));
  disk.disk_name = virtblk_name(index);
  disk.private_data = vblk;
  disk.flags |= GENHD_FL_NO_PART;
  if (mpath.hidesPaths) disk.flags |= GENHD_FL_HIDDEN;
  // Without `owner`: hidden disks are never opened, and a table of dm keeps its disks open after a scenario's end.
  disk.fops = {
    queue_bio: (bio) => virtio_queue_rq(vblk, bio),
    free_disk: () => virtblk_free_disk(core, vblk),
  };
  yield* set_capacity(disk, yield* READ_ONCE(vdev, 'capacitySectors'));
  yield* store(vdev, 'priv', vblk);
  const error = yield* mpath.init_path(vblk);
  if (error !== 0) {
    yield* store(vdev, 'priv', null);
    yield* put_disk(disk);
    // Never added, so its release does not call the driver.
    yield* virtblk_free_disk(core, vblk);
    return error;
  }
  yield* device_add_disk(null, disk, [{ attrs: { serial: serialOf(vblk) } }, ...mpath.path_groups(vblk)]);
  yield* mpath.set_live(vblk);
  return 0;
});
