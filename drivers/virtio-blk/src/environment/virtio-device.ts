// SPDX-License-Identifier: GPL-2.0-only
import { KObject, mutex, spinlock_t } from '@libmultipath/driver-kit';
import type { Journal } from './journal.js';
import type { Media } from './media.js';
import type { virtblk_req } from './virtblk-req.js';
import type { virtio_blk } from './virtio-blk.js';

/** What the emulated device says of itself in its config space and answers to VIRTIO_BLK_T_GET_ID. */
export interface DeviceConfig {
  readonly label: string;
  /** At most 20 bytes; two devices with one serial are two ways to the same data. */
  readonly serial: string;
  /** NUMA node of its slot, or NUMA_NO_NODE. */
  readonly numaNode: number;
  /** First sector of each block that this device, and no other, fails with VIRTIO_BLK_S_IOERR. */
  readonly badSectors: readonly number[];
}

/**
 * Kernel: struct virtio_device, with the hardware behind it: one virtqueue, in which requests wait until
 * the device has done them.
 */
export class virtio_device extends KObject {
  /** Requests that the device has and has not completed. Kernel: struct virtqueue. */
  readonly vq: virtblk_req[] = [];
  /** The device is gone or mad: nothing can be queued any more. Kernel: virtio_break_device(). */
  broken = false;
  /** Size in sectors, as its config space has it. */
  capacitySectors: number;
  /** Status that the next requests end with, in order; after them it is the medium that decides. */
  readonly nextStatus: number[] = [];
  /** Kernel: vdev->priv: the driver's side while the device is bound. */
  priv: virtio_blk | null = null;
  /** Over `config_enabled`, and over telling the driver. */
  readonly config_lock = new spinlock_t(this);
  /** The driver hears of changes in the config space. */
  config_enabled = false;
  /** Held by who binds the driver and by who lets it go. Kernel: device_lock(). */
  readonly dev_mutex = new mutex(this);

  constructor(
    readonly config: DeviceConfig,
    readonly media: Media,
    readonly journal: Journal,
    capacitySectors: number,
  ) {
    super();
    this.capacitySectors = capacitySectors;
  }
}
