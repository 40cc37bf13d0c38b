// SPDX-License-Identifier: GPL-2.0-only
import { E, kfn, srcu_read_lock, srcu_read_unlock, type Steps } from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

/**
 * Calls back with the path that a bio would take, inside the head's SRCU section.
 * @returns the callback's value, or -EWOULDBLOCK without a path
 */
export function* with_path<D extends mpath_device_base, H extends mpath_head_base<D>>(
  head: H,
  mpath_find_path: (head: H) => Steps<D | null>,
  cb: (dev: D) => Steps<number>,
): Steps<number> {
  const idx = yield* srcu_read_lock(head.srcu);
  const dev = yield* mpath_find_path(head);
  const ret = dev === null ? -E.EWOULDBLOCK : yield* cb(dev);
  yield* srcu_read_unlock(head.srcu, idx);
  return ret;
}

/**
 * Calls the driver back with the path that a bio would take.
 * Kernel: `mpath_call_for_device()`, patch 05 of v1 to v3. Context: may sleep; the callback runs
 * inside the head's SRCU section. @returns the callback's value, or -EWOULDBLOCK without a path
 * Mainline: none: each caller finds its path, as `nvme_ns_head_report_zones()` does.
 */
export const make_call_for_device = <D extends mpath_device_base, H extends mpath_head_base<D>>(
  mpath_find_path: (head: H) => Steps<D | null>,
) =>
  kfn('mpath_call_for_device', (head: H, cb: (dev: D) => Steps<number>): Steps<number> =>
    with_path(head, mpath_find_path, cb),
  );
