// SPDX-License-Identifier: GPL-2.0-only
import { BLK_STS_IOERR, BLK_STS_NOTSUPP, BLK_STS_OK, type blk_status_t } from '@libmultipath/driver-kit';

/** The byte with which a device ends a request (virtio 1.2, 5.2.6). */
export const VIRTIO_BLK_S_OK = 0;
export const VIRTIO_BLK_S_IOERR = 1;
export const VIRTIO_BLK_S_UNSUPP = 2;

/** Kernel: virtblk_result(), all versions, without zoned devices: whatever it does not know is an I/O error. Pure. */
export const virtblk_result = (status: number): blk_status_t => {
  switch (status) {
    case VIRTIO_BLK_S_OK:
      return BLK_STS_OK;
    case VIRTIO_BLK_S_UNSUPP:
      return BLK_STS_NOTSUPP;
    default:
      return BLK_STS_IOERR;
  }
};
