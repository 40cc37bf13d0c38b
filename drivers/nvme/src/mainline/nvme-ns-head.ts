// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_t,
  bio_list,
  delayed_work,
  list_head,
  mutex,
  spinlock_t,
  srcu_struct,
  work_struct,
  type gendisk,
} from '@libmultipath/driver-kit';
import { madeBy } from '../environment/made-by.js';
import { nvme_ns_head_base } from '../environment/nvme-ns-head-base.js';
import type { nvme_subsystem } from '../environment/nvme-subsystem.js';
import { nvme_remove_head_work } from './head-removal.js';
import type { nvme_ns } from './nvme-ns.js';
import { nvme_partition_scan_work } from './partition-scan.js';
import type { MainlineParts } from './parts.js';
import { nvme_requeue_work } from './requeue.js';

/** Kernel: struct nvme_ns_head: a namespace of the subsystem, with the paths that lead to it. */
export class nvme_ns_head extends nvme_ns_head_base {
  /** Paths, in the order of attachment. Changed under `subsys->lock`, read under `srcu`. */
  readonly list = new list_head<nvme_ns>(this);
  readonly srcu = new srcu_struct(this);
  /** Null: not a multipath head. Set before the head can be found. */
  disk: gendisk | null = null;
  /** Bios that found no usable path, under `requeue_lock`. */
  readonly requeue_list = new bio_list(this);
  readonly requeue_lock = new spinlock_t(this);
  readonly requeue_work: work_struct;
  readonly partition_scan_work: work_struct;
  /** 7.x: armed while the head outlives its last path. */
  readonly remove_work: delayed_work;
  /** 7.x, under `subsys->lock`; 0: removed with the last path. */
  delayed_removal_secs = 0;
  /** Held around the search for all nodes. */
  readonly lock = new mutex(this);
  flags = 0;
  /** Path last chosen, by node. May be stale. */
  readonly current_path: (nvme_ns | null)[];
  /** 7.x: bios that had to wait, each time they had to. */
  readonly io_requeue_no_usable_path_count = new atomic_t(this);
  /** 7.x: bios that were failed for want of any path. */
  readonly io_fail_no_available_path_count = new atomic_t(this);

  constructor(
    subsys: nvme_subsystem,
    ns_id: number,
    shared: boolean,
    instance: number,
    /** How this kernel's multipath differs from others. */
    readonly parts: MainlineParts,
  ) {
    super(subsys, ns_id, shared, instance);
    this.current_path = Array.from({ length: parts.current_path_length() }, () => null);
    this.requeue_work = new work_struct(this, () => nvme_requeue_work(this), 'nvme_requeue_work');
    this.partition_scan_work = new work_struct(this, () => nvme_partition_scan_work(this), 'nvme_partition_scan_work');
    this.remove_work = new delayed_work(this, () => nvme_remove_head_work(this), 'nvme_remove_head_work');
  }
}

/** A head as core.c hands it back: this multipath made it. */
export const head_from = madeBy(nvme_ns_head, 'head of mainline multipath');
