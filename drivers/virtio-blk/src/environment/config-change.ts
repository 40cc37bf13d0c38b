// SPDX-License-Identifier: GPL-2.0-only
import {
  get_capacity,
  kfn,
  load,
  queue_work,
  READ_ONCE,
  set_capacity_and_notify,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  store,
  WRITE_ONCE,
  type Steps,
} from '@libmultipath/driver-kit';
import type { virtio_blk } from './virtio-blk.js';
import type { virtio_core } from './virtio-core.js';
import type { virtio_device } from './virtio-device.js';

/** Kernel: virtblk_config_changed_work(), virtblk_update_capacity(), all versions. Context: may sleep. */
export const virtblk_config_changed_work = kfn(
  'virtblk_config_changed_work',
  function* (core: virtio_core, vblk: virtio_blk): Steps<void> {
    const { vdev, disk } = vblk;
    if (vdev === null) return;
    const sectors = yield* READ_ONCE(vdev, 'capacitySectors');
    if ((yield* get_capacity(disk)) === sectors) return;
    yield* set_capacity_and_notify(disk, sectors);
    yield* core.mpath.revalidate(vblk, sectors);
  },
);

/** The driver hears of changes, or no longer. Kernel: virtio_config_enable(), virtio_config_disable(). */
export function* set_config_enabled(vdev: virtio_device, enabled: boolean): Steps<void> {
  yield* spin_lock_irqsave(vdev.config_lock);
  yield* store(vdev, 'config_enabled', enabled);
  yield* spin_unlock_irqrestore(vdev.config_lock);
}

/** Its own interrupt tells the driver, which queues its work. Kernel: virtio_config_changed(), virtblk_config_changed(). */
const virtio_config_changed = kfn(
  'virtio_config_changed',
  function* (core: virtio_core, vdev: virtio_device): Steps<void> {
    yield* spin_lock_irqsave(vdev.config_lock);
    const vblk = (yield* load(vdev, 'config_enabled')) ? yield* READ_ONCE(vdev, 'priv') : null;
    if (vblk !== null) yield* queue_work(core.virtblk_wq, vblk.config_work);
    yield* spin_unlock_irqrestore(vdev.config_lock);
  },
);

/** The device changes its size. */
export function* change_capacity(core: virtio_core, vdev: virtio_device, sectors: number): Steps<void> {
  yield* WRITE_ONCE(vdev, 'capacitySectors', sectors);
  yield* virtio_config_changed(core, vdev);
}
