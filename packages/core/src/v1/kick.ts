// SPDX-License-Identifier: GPL-2.0-only
import { kblockd_schedule_work, type Steps } from '@libmultipath/kernel';
import type { mpath_head } from './structures.js';

/** v1 has no helper for it: each place schedules the work itself, and so may a driver. */
export function* kick(head: mpath_head): Steps<void> {
  yield* kblockd_schedule_work(head.requeue_work);
}
