// SPDX-License-Identifier: GPL-2.0-only
import { alloc_workqueue, ida, KObject, module } from '@libmultipath/driver-kit';
import type { Journal } from './journal.js';
import type { virtio_multipath } from './multipath-ops.js';

/** Static data of virtio_blk.c, and whoever implements multipath over its disks. */
export class virtio_core extends KObject {
  readonly vd_index_ida = new ida(this);
  readonly virtblk_wq = alloc_workqueue('virtio-blk');
  readonly this_module = new module('virtio_blk');

  constructor(
    readonly mpath: virtio_multipath,
    readonly journal: Journal,
  ) {
    super();
  }
}
