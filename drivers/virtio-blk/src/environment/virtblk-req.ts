// SPDX-License-Identifier: GPL-2.0-only
import { KObject, type bio } from '@libmultipath/driver-kit';
import { VIRTIO_BLK_S_OK } from './status.js';
import type { virtio_blk } from './virtio-blk.js';

/**
 * Kernel: struct request with its struct virtblk_req, of one bio. Between its start and its end it belongs
 * to one side at a time, so its fields are nobody else's.
 */
export class virtblk_req extends KObject {
  /** The last byte of its in-header, which the device writes. */
  status = VIRTIO_BLK_S_OK;

  constructor(
    readonly vblk: virtio_blk,
    readonly bio: bio,
  ) {
    super();
  }
}
