// SPDX-License-Identifier: GPL-2.0-only
import {
  del_gendisk,
  flush_work,
  kfn,
  mutex_lock,
  mutex_unlock,
  put_disk,
  READ_ONCE,
  store,
  type Steps,
} from '@libmultipath/driver-kit';
import type { virtio_core } from './virtio-core.js';
import type { virtio_device } from './virtio-device.js';

/**
 * The driver lets a device go: nobody is inside the queue when del_gendisk() returns, so the device can be
 * reset and forgotten; the memory stays until the last user of the disk has closed it.
 * Kernel: virtblk_remove(), all versions, with the calls of multipath. Context: may sleep, no lock held.
 */
export const virtblk_remove = kfn('virtblk_remove', function* (core: virtio_core, vdev: virtio_device): Steps<void> {
  const vblk = yield* READ_ONCE(vdev, 'priv');
  if (vblk === null) return;
  const last = yield* core.mpath.remove_path(vblk);
  yield* flush_work(vblk.config_work);
  yield* del_gendisk(vblk.disk);
  yield* mutex_lock(vblk.vdev_mutex);
  yield* store(vdev, 'priv', null);
  yield* store(vblk, 'vdev', null);
  yield* mutex_unlock(vblk.vdev_mutex);
  yield* core.mpath.path_removed(vblk, last);
  yield* put_disk(vblk.disk);
});
