// SPDX-License-Identifier: GPL-2.0-only
import { atomic_t, refcount_t } from '@libmultipath/kernel';
import type { mpath_iopolicy } from '../constants.js';
import { mpath_device_with_state } from '../structures/mpath-device-with-head.js';
import { MAX_NUMNODES } from '../structures/mpath-head-base.js';
import { mpath_head_with_disk } from '../structures/mpath-head-with-disk.js';
import type { mpath_head_template } from './template.js';

/** One path; the driver embeds it. Source: v3 patches 01, 03, 05 and 08. */
export class mpath_device extends mpath_device_with_state {
  mpath_head: mpath_head | null = null;
  /** Counter of the controller or host, shared by all its paths. */
  nr_active: atomic_t | null = null;
}

/** One multipathed namespace or logical unit; embedded in the driver's head. Source: v3 patches 01 to 07. */
export class mpath_head extends mpath_head_with_disk<mpath_device> {
  readonly refcount = new refcount_t(this);
  /** Pointer to the policy variable, which the driver may share between heads. */
  iopolicy: mpath_iopolicy | null = null;
  readonly requeue_no_usable_path_cnt = new atomic_t(this);
  readonly fail_no_avail_path_cnt = new atomic_t(this);
  mpdt: mpath_head_template | null = null;
  /** Cached path by NUMA node id, `MAX_NUMNODES` long. */
  readonly current_path: (mpath_device | null)[] = Array.from({ length: MAX_NUMNODES }, () => null);
}
