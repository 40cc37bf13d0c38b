// SPDX-License-Identifier: GPL-2.0-only
import { mpath_schedule_requeue_work } from '../io/requeue.js';
import type { Remedy } from './remedy.js';

/** Who parked a bio after the first kick is kicked again, before the disk is deleted under the partition scan. */
export const remove_kicks_after_grace_period: Remedy = {
  name: 'remove-kicks-after-grace-period',
  removes: ['partition-scan-against-remove'],
  inC: '`mpath_remove_disk()` calls `mpath_schedule_requeue_work()` once more, between `synchronize_srcu()` and `del_gendisk()`.',
  apply: (parts) => ({ ...parts, after_grace_period: mpath_schedule_requeue_work }),
};
