// SPDX-License-Identifier: GPL-2.0-only
import { KObject, kref, list_head } from '@libmultipath/driver-kit';
import type { nvme_subsystem } from './nvme-subsystem.js';

/**
 * What core.c knows of struct nvme_ns_head whoever implements multipath. The class that
 * extends it carries the kernel's name.
 */
export abstract class nvme_ns_head_base extends KObject {
  /** In `subsys->nsheads`, under `subsys->lock`. */
  readonly entry = new list_head<nvme_ns_head_base>(this);
  readonly ref = new kref(this, 1);

  constructor(
    readonly subsys: nvme_subsystem,
    readonly ns_id: number,
    readonly shared: boolean,
    readonly instance: number,
  ) {
    super();
  }
}
