// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_list,
  cdev,
  device,
  KObject,
  list_head,
  mutex,
  spinlock_t,
  srcu_struct,
  type delayed_work,
  type module,
  type work_struct,
} from '@libmultipath/kernel';
import type { mpath_device_base } from './mpath-device-base.js';
import type { mpath_head_template_base } from './template-base.js';

/** `CONFIG_NODES_SHIFT` of the model: as many node ids as its largest topology needs. */
export const MAX_NUMNODES = 64;

/** What `struct mpath_head` has in every revision: one multipathed namespace or logical unit. */
export abstract class mpath_head_base<D extends mpath_device_base> extends KObject {
  readonly srcu = new srcu_struct(this);
  readonly dev_list = new list_head<D>(this);
  readonly lock = new mutex(this);
  readonly requeue_list = new bio_list(this);
  readonly requeue_lock = new spinlock_t(this);
  requeue_work: work_struct | null = null;
  /** The char device; named and added by the driver. */
  readonly cdev = new cdev(this);
  readonly cdev_device = new device('', null, this);
  remove_work: delayed_work | null = null;
  delayed_removal_secs = 0;
  drv_module: module | null = null;
  /** `MPATH_HEAD_*` bits. */
  flags = 0;
  /** Cached path by NUMA node id; how long it is differs. */
  abstract readonly current_path: (D | null)[];
}

/** A head as the functions take it that call the driver back; each revision's template adds to the base. */
export type head_with_template<D extends mpath_device_base> = mpath_head_base<D> & {
  readonly mpdt: mpath_head_template_base<D> | null;
};
