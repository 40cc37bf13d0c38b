// SPDX-License-Identifier: GPL-2.0-only
import { kfn, type Steps } from '@libmultipath/kernel';
import type { mpath_iopolicy } from '../constants.js';
import { mpath_read_iopolicy } from '../sysfs/read-iopolicy.js';
import { show_numa_nodes } from '../sysfs/numa-nodes.js';
import type { mpath_device, mpath_head } from './structures.js';

/**
 * Kernel: `mpath_numa_nodes_show()`, v1 patch 08. Context: may sleep.
 * Mainline: `numa_nodes_show()`.
 */
export const mpath_numa_nodes_show = kfn(
  'mpath_numa_nodes_show',
  function* (head: mpath_head, dev: mpath_device, iopolicy: mpath_iopolicy): Steps<string> {
    return yield* show_numa_nodes(head, dev, yield* mpath_read_iopolicy(iopolicy));
  },
);
