// SPDX-License-Identifier: GPL-2.0-only
import { atomic_t, KObject, kref, mutex, type device, type gendisk, type work_struct } from '@libmultipath/kernel';
import { mpath_device_base } from '../structures/mpath-device-base.js';
import { MAX_NUMNODES, mpath_head_base } from '../structures/mpath-head-base.js';
import type { mpath_head_template } from './template.js';

/** One path; the driver embeds it and fills it in. It does not know its head. Source: v1 patches 01, 03 and 08. */
export class mpath_device extends mpath_device_base {
  /** Requests in flight, counted by the driver. */
  readonly nr_active = new atomic_t(this);
}

/** The multipath disk: on the heap, counted apart from the head. Source: v1 patch 02. */
export class mpath_disk extends KObject {
  disk: gendisk | null = null;
  readonly ref = new kref(this);
  partition_scan_work: work_struct | null = null;
  /** Nobody takes it. */
  readonly lock = new mutex(this);
  /** Set by the driver, which is not told to take a reference. */
  mpath_head: mpath_head | null = null;
  /** Set by the driver. */
  parent: device | null = null;
}

/** One multipathed namespace or logical unit, on the heap. Source: v1 patches 01 to 07. */
export class mpath_head extends mpath_head_base<mpath_device> {
  readonly ref = new kref(this);
  /** Cached path by NUMA node id, `MAX_NUMNODES` long. */
  readonly current_path: (mpath_device | null)[] = Array.from({ length: MAX_NUMNODES }, () => null);
  mpdt: mpath_head_template | null = null;
  /** The driver's own. */
  drvdata: KObject | null = null;
}
