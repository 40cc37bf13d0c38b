// SPDX-License-Identifier: GPL-2.0-only
import { kfn, numa_node_id, type Steps } from '@libmultipath/kernel';
import type { mpath_iopolicy_e } from '../constants.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { head_with_template } from '../structures/mpath-head-base.js';
import { callbacks } from '../structures/null-pointer.js';
import { cached_path } from './cached-path.js';
import type { FullScan } from './find-path.js';
import { is_optimized, optimized } from '../structures/ask.js';

/**
 * The cached path while it is optimized, without asking whether it is disabled; else the full scan.
 * Kernel: `mpath_numa_path()`, patch 03 of v1 to v3. Context: inside the head's SRCU section.
 */
export const make_numa_path = <D extends mpath_device_base, H extends head_with_template<D>>(
  full_scan: FullScan<D, H>,
) =>
  kfn('mpath_numa_path', function* (head: H, iopolicy: mpath_iopolicy_e): Steps<D | null> {
    const node = numa_node_id();
    const cached = yield* cached_path<D>(head, node);
    if (cached === null) return yield* full_scan(head, node, iopolicy);
    if (!optimized(yield* is_optimized(callbacks(head), cached))) return yield* full_scan(head, node, iopolicy);
    return cached;
  });
