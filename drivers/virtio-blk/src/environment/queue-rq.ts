// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_endio,
  blk_queue_exit,
  blk_queue_get,
  BLK_STS_IOERR,
  checkPointer,
  E,
  kfn,
  makeStep,
  type bio,
  type Steps,
} from '@libmultipath/driver-kit';
import { virtblk_result } from './status.js';
import { virtblk_req } from './virtblk-req.js';
import type { virtio_blk } from './virtio-blk.js';
import type { virtio_device } from './virtio-device.js';

/** Kernel: virtqueue_add_sgs() with the notification. @returns 0, or -EIO for a device that is broken */
function* virtqueue_add(vdev: virtio_device, vbr: virtblk_req): Steps<number> {
  const step = makeStep('virtqueue_add', vdev, 'vq', 'update', { ordering: 'full' });
  yield step;
  const error = vdev.broken ? -E.EIO : 0;
  step.value = error;
  if (error !== 0) return error;
  vdev.vq.push(vbr);
  vdev.journal.issue(vbr.bio.bi_sector, vdev.config.label);
  return 0;
}

/** Tells the submitter and leaves the queue. Kernel: blk_mq_end_request(). Context: any. */
function* end_request(vbr: virtblk_req): Steps<void> {
  const { queue } = vbr.vblk.disk;
  yield* bio_endio(vbr.bio);
  yield* blk_queue_exit(queue);
}

/**
 * Takes a bio over on the disk of a path. (A virtqueue without room stops the hardware queue for a while:
 * not modelled, the queue is as long as it has to be.)
 * Kernel: virtio_queue_rq(), virtblk_fail_to_queue(), all versions. Context: the submitter's, inside the queue.
 */
export const virtio_queue_rq = kfn('virtio_queue_rq', function* (vblk: virtio_blk, what: bio): Steps<void> {
  const vbr = new virtblk_req(vblk, what);
  yield* blk_queue_get(vblk.disk.queue);
  // Private to whoever is inside the queue: the removal clears it only when nobody is.
  const vdev = checkPointer(vblk.vdev, 'vq');
  if ((yield* virtqueue_add(vdev, vbr)) === 0) return;
  what.bi_status = BLK_STS_IOERR;
  yield* end_request(vbr);
});

/** The device has done a request. Kernel: virtblk_done(), virtblk_request_done(), all versions. Context: atomic. */
export const virtblk_done = kfn('virtblk_done', function* (vbr: virtblk_req): Steps<void> {
  vbr.bio.bi_status = virtblk_result(vbr.status);
  yield* end_request(vbr);
});
