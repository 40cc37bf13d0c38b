// SPDX-License-Identifier: GPL-2.0-only
import { kref, num_possible_nodes, type KObject } from '@libmultipath/kernel';
import { mpath_device_with_state } from '../structures/mpath-device-with-head.js';
import { mpath_head_with_disk } from '../structures/mpath-head-with-disk.js';
import type { mpath_head_template } from './template.js';

/** One path; the driver embeds it and writes `disk`, `numa_node` and `access_state`. Source: v2 patches 01, 03 and 08. */
export class mpath_device extends mpath_device_with_state {
  mpath_head: mpath_head | null = null;
}

/** One multipathed namespace or logical unit with its disk, on the heap. Source: v2 patches 01 to 07. */
export class mpath_head extends mpath_head_with_disk<mpath_device> {
  readonly ref = new kref(this);
  /** The driver's own. */
  drvdata: KObject | null = null;
  mpdt: mpath_head_template | null = null;
  /**
   * Cached path by NUMA node id, but only as long as there are possible nodes: where their ids
   * have holes, the highest ones lie beyond its end.
   */
  readonly current_path: (mpath_device | null)[] = Array.from({ length: num_possible_nodes() }, () => null);
}
