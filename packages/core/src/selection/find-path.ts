// SPDX-License-Identifier: GPL-2.0-only
import { kfn, type Steps } from '@libmultipath/kernel';
import { MPATH_IOPOLICY_QD, MPATH_IOPOLICY_RR, type mpath_iopolicy_e } from '../constants.js';
import { pathChosen } from '../properties/removal-watch.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { head_with_template } from '../structures/mpath-head-base.js';
import { make_full_scan } from './full-scan.js';
import { make_numa_path } from './numa.js';
import type { SelectionParts } from './parts.js';
import { make_queue_depth_path } from './queue-depth.js';
import { make_round_robin_path } from './round-robin.js';

/** `__mpath_find_path()`, as the policies and set_live call it. */
export type FullScan<D extends mpath_device_base, H extends head_with_template<D>> = (
  head: H,
  node: number,
  iopolicy?: mpath_iopolicy_e,
) => Steps<D | null>;

/** The functions that choose a path, for one revision. */
export const make_selection = <D extends mpath_device_base, H extends head_with_template<D>>(
  parts: SelectionParts<D, H>,
) => {
  const __mpath_find_path = make_full_scan(parts);
  const mpath_numa_path = make_numa_path(__mpath_find_path);
  const mpath_round_robin_path = make_round_robin_path(parts, __mpath_find_path);
  const mpath_queue_depth_path = make_queue_depth_path(parts);

  /**
   * Kernel: `mpath_find_path()`, patch 03 of v1 to v3. Context: inside the head's SRCU section.
   * Mainline: `nvme_find_path()`.
   */
  const mpath_find_path = kfn('mpath_find_path', function* (head: H): Steps<D | null> {
    const iopolicy = yield* parts.read_iopolicy(head);
    let chosen: D | null;
    if (iopolicy === MPATH_IOPOLICY_QD) chosen = yield* mpath_queue_depth_path(head);
    else if (iopolicy === MPATH_IOPOLICY_RR) chosen = yield* mpath_round_robin_path(head, iopolicy);
    else chosen = yield* mpath_numa_path(head, iopolicy);
    if (chosen !== null) pathChosen(head, chosen);
    return chosen;
  });
  return { __mpath_find_path, mpath_find_path };
};
