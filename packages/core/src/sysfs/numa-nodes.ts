// SPDX-License-Identifier: GPL-2.0-only
import { bitmap_list, for_each_node, srcu_read_lock, srcu_read_unlock, type Steps } from '@libmultipath/kernel';
import { MPATH_IOPOLICY_NUMA, type mpath_iopolicy_e } from '../constants.js';
import { cached_path } from '../selection/cached-path.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

/**
 * Nodes whose cached path this is, as a bitmap list and a newline (of no nodes just the
 * newline); nothing at all under another policy.
 * Body of `mpath_numa_nodes_show()`, patch 08 of v1 to v3. Context: may sleep.
 */
export function* show_numa_nodes<D extends mpath_device_base>(
  head: mpath_head_base<D>,
  dev: D,
  iopolicy: mpath_iopolicy_e,
): Steps<string> {
  if (iopolicy !== MPATH_IOPOLICY_NUMA) return '';
  const nodes: number[] = [];
  const idx = yield* srcu_read_lock(head.srcu);
  for (const node of for_each_node()) {
    if ((yield* cached_path<D>(head, node)) === dev) nodes.push(node);
  }
  yield* srcu_read_unlock(head.srcu, idx);
  return `${bitmap_list(nodes)}\n`;
}
