// SPDX-License-Identifier: GPL-2.0-only
import {
  current,
  E,
  kfn,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_readers,
  WARN_ON_ONCE,
  type Steps,
} from '@libmultipath/kernel';
import type { mpath_device, mpath_head } from './structures.js';

/**
 * Leaves the head's SRCU section. For the ioctl callbacks, which have to.
 * Kernel: `mpath_head_read_unlock()`, v1 patch 11.
 * Mainline: none: callers write `srcu_read_unlock(&head->srcu, idx)`.
 */
export const mpath_head_read_unlock = kfn(
  'mpath_head_read_unlock',
  function* (head: mpath_head, srcu_idx: number): Steps<void> {
    yield* srcu_read_unlock(head.srcu, srcu_idx);
  },
);

/**
 * Calls the driver with a path, inside the SRCU section that the driver has to leave: a section
 * that is still held afterwards is a warning, where the kernel looks for one at all
 * (`lockdep_assert_not_held()`).
 *
 * Part of both devices' ioctls, v1 patches 06 and 11.
 * @param refuse what the library itself has against it, once there is a path: 0, or a negative errno
 * @returns what the driver gave; -EWOULDBLOCK without a path; or what `refuse` gave
 */
export function* ioctl_that_unlocks(
  fn: string,
  head: mpath_head,
  find: (head: mpath_head) => Steps<mpath_device | null>,
  refuse: () => number,
  ioctl: (dev: mpath_device, srcu_idx: number) => Steps<number>,
): Steps<number> {
  const idx = yield* srcu_read_lock(head.srcu);
  const dev = yield* find(head);
  const refused = dev === null ? -E.EWOULDBLOCK : refuse();
  if (dev === null || refused !== 0) {
    yield* srcu_read_unlock(head.srcu, idx);
    return refused;
  }
  const result = yield* ioctl(dev, idx);
  const held = srcu_readers(head.srcu).includes(current().name);
  WARN_ON_ONCE(held, `${fn}: lockdep_assert_not_held(&mpath_head->srcu)`);
  return result;
}
