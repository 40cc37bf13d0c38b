// SPDX-License-Identifier: GPL-2.0-only
import { for_each_node, kfn, type Steps } from '@libmultipath/kernel';
import { pathCleared } from '../properties/removal-watch.js';
import { cache_path, cached_path } from '../selection/cached-path.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

/**
 * Forgets the path wherever it is cached. Compare and store are separate steps, no lock, no grace period.
 * Body of `mpath_clear_current_path()`, patch 05 of v1 to v3. @returns whether any node was cleared
 */
export function* forget_path<D extends mpath_device_base>(head: mpath_head_base<D>, dev: D): Steps<boolean> {
  let changed = false;
  for (const node of for_each_node()) {
    if ((yield* cached_path<D>(head, node)) !== dev) continue;
    yield* cache_path<D>(head, node, null);
    changed = true;
  }
  pathCleared(head, dev);
  return changed;
}

/**
 * Kernel: `mpath_clear_paths()`, patch 05 of v1 to v3. No lock, no grace period, no kick.
 * Mainline: `nvme_mpath_clear_ctrl_paths()`, for one controller.
 */
export const mpath_clear_paths = kfn(
  'mpath_clear_paths',
  function* (head: mpath_head_base<mpath_device_base>): Steps<void> {
    for (const node of for_each_node()) yield* cache_path(head, node, null);
  },
);
