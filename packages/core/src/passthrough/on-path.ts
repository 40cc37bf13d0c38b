// SPDX-License-Identifier: GPL-2.0-only
import { E, srcu_read_lock, srcu_read_unlock, type gendisk, type Steps } from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';
import { disk_of } from '../structures/null-pointer.js';

/**
 * Calls a method on the disk of the path that a bio would take, inside the head's SRCU
 * section. Part of the block device methods of v2 and v3, patches 09, 10, 12 and 13.
 * @returns what `method` gave, or -EWOULDBLOCK without a path
 */
export function* on_path<D extends mpath_device_base, H extends mpath_head_base<D>>(
  head: H,
  mpath_find_path: (head: H) => Steps<D | null>,
  method: (disk: gendisk) => Steps<number>,
): Steps<number> {
  const idx = yield* srcu_read_lock(head.srcu);
  const dev = yield* mpath_find_path(head);
  const ret = dev === null ? -E.EWOULDBLOCK : yield* method(yield* disk_of(dev));
  yield* srcu_read_unlock(head.srcu, idx);
  return ret;
}

/** What a method comes to that the path's disk does not have. */
export function* without(result: number): Steps<number> {
  return result;
}
