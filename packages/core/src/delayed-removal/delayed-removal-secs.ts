// SPDX-License-Identifier: GPL-2.0-only
import {
  clear_bit,
  kfn,
  kstrtouint,
  load,
  mutex_lock,
  mutex_unlock,
  set_bit,
  store,
  synchronize_srcu,
  type Steps,
} from '@libmultipath/kernel';
import { MPATH_HEAD_QUEUE_IF_NO_PATH } from '../constants.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

type Head = mpath_head_base<mpath_device_base>;

/**
 * Kernel: `mpath_delayed_removal_secs_show()`, delayed removal patch of v1 to v3. Context: may sleep.
 * Mainline: `delayed_removal_secs_show()`.
 */
export const mpath_delayed_removal_secs_show = kfn(
  'mpath_delayed_removal_secs_show',
  function* (head: Head): Steps<string> {
    yield* mutex_lock(head.lock);
    const secs = yield* load(head, 'delayed_removal_secs');
    yield* mutex_unlock(head.lock);
    return `${String(secs)}\n`;
  },
);

/**
 * No kick, and a pending removal keeps its deadline.
 * Kernel: `mpath_delayed_removal_secs_store()`, delayed removal patch of v1 to v3. Context: may sleep.
 * Mainline: `delayed_removal_secs_store()`.
 * @returns the length, or -EINVAL, -ERANGE
 */
export const mpath_delayed_removal_secs_store = kfn(
  'mpath_delayed_removal_secs_store',
  function* (head: Head, buf: string): Steps<number> {
    const secs = kstrtouint(buf);
    if (secs < 0) return secs;

    yield* mutex_lock(head.lock);
    yield* store(head, 'delayed_removal_secs', secs);
    if (secs !== 0) yield* set_bit(MPATH_HEAD_QUEUE_IF_NO_PATH, head, 'flags');
    else yield* clear_bit(MPATH_HEAD_QUEUE_IF_NO_PATH, head, 'flags');
    yield* mutex_unlock(head.lock);

    yield* synchronize_srcu(head.srcu);
    return buf.length;
  },
);
