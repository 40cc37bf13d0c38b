// SPDX-License-Identifier: GPL-2.0-only
import { kfn, mutex_lock, mutex_unlock, type Steps } from '@libmultipath/driver-kit';
import { set_config_enabled } from './config-change.js';
import { virtblk_probe } from './probe.js';
import { virtblk_remove } from './remove.js';
import type { virtio_core } from './virtio-core.js';
import type { virtio_device } from './virtio-device.js';

/*
 * The driver core: who binds a driver and who lets it go hold the device's lock, so that a probe and a removal
 * of one device never overlap.
 */

/** Kernel: device_attach(), virtio_dev_probe(). Context: may sleep. @returns 0 or -errno */
export const device_attach = kfn('device_attach', function* (core: virtio_core, vdev: virtio_device): Steps<number> {
  yield* mutex_lock(vdev.dev_mutex);
  const error = yield* virtblk_probe(core, vdev);
  if (error === 0) yield* set_config_enabled(vdev, true);
  yield* mutex_unlock(vdev.dev_mutex);
  return error;
});

/** Kernel: device_release_driver(), virtio_dev_remove(). Context: may sleep. Nothing where no driver is bound. */
export const device_release_driver = kfn(
  'device_release_driver',
  function* (core: virtio_core, vdev: virtio_device): Steps<void> {
    yield* mutex_lock(vdev.dev_mutex);
    yield* set_config_enabled(vdev, false);
    yield* virtblk_remove(core, vdev);
    yield* mutex_unlock(vdev.dev_mutex);
  },
);
