// SPDX-License-Identifier: GPL-2.0-only
import { KObject, mutex, work_struct, type gendisk, type Steps } from '@libmultipath/driver-kit';
import type { virtio_device } from './virtio-device.js';

/** Kernel: struct virtio_blk: the driver's side of one device. It lives as long as its disk. */
export class virtio_blk extends KObject {
  /** Held by whatever may run after virtblk_remove() has cleared `vdev`. */
  readonly vdev_mutex = new mutex(this);
  /** NULL once the device is gone. */
  vdev: virtio_device | null;
  /** Updates of the config space, in process context. */
  readonly config_work: work_struct;
  /** What multipath made of it; private to whoever implements it. */
  path: KObject | null = null;

  constructor(
    vdev: virtio_device,
    readonly disk: gendisk,
    /** Number of its name, from the ida. */
    readonly index: number,
    config: (vblk: virtio_blk) => Steps<void>,
  ) {
    super();
    this.vdev = vdev;
    this.config_work = new work_struct(this, () => config(this), 'virtblk_config_changed_work');
  }
}
