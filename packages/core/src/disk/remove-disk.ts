// SPDX-License-Identifier: GPL-2.0-only
import { del_gendisk, synchronize_srcu, test_and_clear_bit, type gendisk, type Steps } from '@libmultipath/kernel';
import { MPATH_HEAD_DISK_LIVE } from '../constants.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

/** Where the revisions differ in removing the disk. */
export interface RemoveDiskParts<H> {
  /** How the requeue work is scheduled. */
  readonly kick: (head: H) => Steps<unknown>;
  /** Removes the char device. */
  readonly remove_cdev: (head: H) => Steps<void>;
  /** Comes between the grace period and the end of the disk. */
  readonly after_grace_period?: (head: H) => Steps<void>;
}

/**
 * Takes the disk out of the system, once per live period. No lock held.
 * Body of `mpath_remove_disk()`, patches 02 and 06, 07 of v1 to v3. Context: may sleep. References: none.
 */
export function* remove_live_disk<H extends mpath_head_base<mpath_device_base>>(
  head: H,
  disk: () => Steps<gendisk | null>,
  { kick, remove_cdev, after_grace_period }: RemoveDiskParts<H>,
): Steps<void> {
  const base: mpath_head_base<mpath_device_base> = head;
  if (!(yield* test_and_clear_bit(MPATH_HEAD_DISK_LIVE, base, 'flags'))) return;
  yield* kick(head);
  yield* remove_cdev(head);
  yield* synchronize_srcu(head.srcu);
  if (after_grace_period !== undefined) yield* after_grace_period(head);
  yield* del_gendisk(yield* disk());
}
