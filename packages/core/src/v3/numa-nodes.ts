// SPDX-License-Identifier: GPL-2.0-only
import { kfn, type Steps } from '@libmultipath/kernel';
import { show_numa_nodes } from '../sysfs/numa-nodes.js';
import { head_of } from '../structures/mpath-device-with-head.js';
import { mpath_read_iopolicy } from './iopolicy.js';
import type { mpath_device } from './structures.js';

/**
 * Kernel: `mpath_numa_nodes_show()`, v3 patch 08. Context: may sleep.
 * Mainline: `numa_nodes_show()`.
 */
export const mpath_numa_nodes_show = kfn('mpath_numa_nodes_show', function* (dev: mpath_device): Steps<string> {
  const head = yield* head_of(dev);
  return yield* show_numa_nodes(head, dev, yield* mpath_read_iopolicy(head));
});
