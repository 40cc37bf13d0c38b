// SPDX-License-Identifier: GPL-2.0-only
import { bitmap_list, kfn, rcu_dereference, srcu_read_lock, srcu_read_unlock, type Steps } from '@libmultipath/kernel';
import { head_of } from './callbacks.js';
import { MPATH_IOPOLICY_NUMA } from './constants.js';
import { for_each_node } from './possible-nodes.js';
import { mpath_read_iopolicy } from './select.js';
import type { mpath_device } from './structures.js';

/**
 * Nodes whose cached path this is, as a bitmap list and a newline (of no nodes just the
 * newline); nothing at all under another policy.
 * Kernel: `mpath_numa_nodes_show()`, v3 patch 08.
 */
export const mpath_numa_nodes_show = kfn('mpath_numa_nodes_show', function* (dev: mpath_device): Steps<string> {
  const head = yield* head_of(dev);
  if ((yield* mpath_read_iopolicy(head)) !== MPATH_IOPOLICY_NUMA) return '';
  const nodes: number[] = [];
  const idx = yield* srcu_read_lock(head.srcu);
  for (const node of for_each_node()) {
    if ((yield* rcu_dereference(head, 'current_path', node)) === dev) nodes.push(node);
  }
  yield* srcu_read_unlock(head.srcu, idx);
  return `${bitmap_list(nodes)}\n`;
});
