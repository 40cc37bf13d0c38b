// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_mq_freeze_queue,
  blk_mq_unfreeze_queue,
  flush_work,
  kfn,
  makeStep,
  type Steps,
} from '@libmultipath/driver-kit';
import type { virtio_blk } from './virtio-blk.js';
import type { virtio_device } from './virtio-device.js';

/**
 * Before the machine sleeps, or the device is reset: what is in flight ends, and nobody enters.
 * Kernel: virtblk_freeze(), all versions. Context: may sleep.
 */
export const virtblk_freeze = kfn('virtblk_freeze', function* (vblk: virtio_blk): Steps<void> {
  yield* blk_mq_freeze_queue(vblk.disk.queue);
  yield* flush_work(vblk.config_work);
});

/** Afterwards: the queue takes I/O again. Kernel: virtblk_restore(), all versions. Context: may sleep. */
export const virtblk_restore = kfn('virtblk_restore', function* (vblk: virtio_blk): Steps<void> {
  yield* blk_mq_unfreeze_queue(vblk.disk.queue);
});

/** Nothing can be queued any more; what is in flight is never answered. Kernel: virtio_break_device(). */
export function* virtio_break_device(vdev: virtio_device): Steps<void> {
  yield makeStep('virtio_break_device', vdev, 'vq', 'update', { ordering: 'full' });
  vdev.broken = true;
}
