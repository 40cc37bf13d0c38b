// SPDX-License-Identifier: GPL-2.0-only
import {
  device,
  kfn,
  KObject,
  kref,
  kref_get,
  kref_get_unless_zero,
  list_head,
  type Steps,
} from '@libmultipath/driver-kit';
import { noIds, type nvme_ns_ids } from './ns-ids.js';
import type { nvme_subsystem } from './nvme-subsystem.js';
import { madeOf } from './registry.js';

/**
 * What core.c knows of struct nvme_ns_head whoever implements multipath. The class that
 * extends it carries the kernel's name.
 */
export abstract class nvme_ns_head_base extends KObject {
  /** In `subsys->nsheads`, under `subsys->lock`. */
  readonly entry = new list_head<nvme_ns_head_base>(this);
  readonly ref = new kref(this, 1);
  readonly cdev_device: device;
  /** Of its first path. Set before anybody else sees the head. */
  ids: nvme_ns_ids = noIds;
  /** Blocks in use. Set with the size, and by whoever reads it. */
  nuse = 0;
  /** Is a passthrough command that fails worth a line in the log? */
  passthru_err_log_enabled = false;

  constructor(
    readonly subsys: nvme_subsystem,
    readonly ns_id: number,
    readonly shared: boolean,
    readonly instance: number,
  ) {
    super();
    this.cdev_device = new device('', null, this);
    madeOf(subsys.core).heads.push(this);
  }
}

/** Kernel: nvme_get_ns_head(), since 7.2. */
export const nvme_get_ns_head = kfn('nvme_get_ns_head', (head: nvme_ns_head_base): Steps<void> => kref_get(head.ref));

/** Kernel: nvme_tryget_ns_head(), all versions. @returns false when the head is on its way out */
export const nvme_tryget_ns_head = kfn('nvme_tryget_ns_head', (head: nvme_ns_head_base): Steps<boolean> =>
  kref_get_unless_zero(head.ref),
);
