// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_t,
  bio_list,
  type attribute_group,
  type device,
  type gendisk,
  type module,
  KObject,
  list_head,
  mutex,
  NUMA_NO_NODE,
  refcount_t,
  spinlock_t,
  srcu_struct,
  type delayed_work,
  type work_struct,
} from '@libmultipath/kernel';
import type { mpath_access_state, mpath_iopolicy } from './constants.js';
import type { mpath_head_template } from './template.js';

/**
 * One path. Storage belongs to the driver, which embeds it; the library counts no
 * reference on it. Source: v3 patch 01, 03, 05.
 */
export class mpath_device extends KObject {
  mpath_head: mpath_head | null = null;
  /** Link in `mpath_head.dev_list`: RCU list under the head's SRCU. */
  readonly siblings = new list_head<mpath_device>(this);
  /** The hidden per-path disk. */
  disk: gendisk | null = null;
  /** `MPATH_DEVICE_*` bits; not initialised by the library. */
  flags = 0;
  numa_node: number = NUMA_NO_NODE;
  /** Counter of the controller or host, shared by all its paths. */
  nr_active: atomic_t | null = null;
  /** Written by the driver with plain stores. Zeroed memory means OPTIMIZED. */
  access_state: mpath_access_state = 0;
}

/** One multipathed namespace or logical unit; embedded in the driver's head. Source: v3 patches 01-07. */
export class mpath_head extends KObject {
  readonly srcu = new srcu_struct(this);
  readonly dev_list = new list_head<mpath_device>(this);
  readonly lock = new mutex(this);
  readonly refcount = new refcount_t(this);
  /** Pointer to the policy variable, which the driver may share between heads. */
  iopolicy: mpath_iopolicy | null = null;
  readonly requeue_list = new bio_list(this);
  readonly requeue_lock = new spinlock_t(this);
  requeue_work: work_struct | null = null;
  readonly requeue_no_usable_path_cnt = new atomic_t(this);
  readonly fail_no_avail_path_cnt = new atomic_t(this);
  remove_work: delayed_work | null = null;
  delayed_removal_secs = 0;
  drv_module: module | null = null;
  /** `MPATH_HEAD_*` bits. */
  flags = 0;
  disk: gendisk | null = null;
  partition_scan_work: work_struct | null = null;
  parent: device | null = null;
  disk_groups: readonly attribute_group[] | null = null;
  mpdt: mpath_head_template | null = null;
  /** Cached path by NUMA node id, `MAX_NUMNODES` long. */
  readonly current_path: (mpath_device | null)[] = Array.from({ length: MAX_NUMNODES }, () => null);
}

/** `CONFIG_NODES_SHIFT` of the model: as many node ids as its largest topology needs. */
export const MAX_NUMNODES = 64;
