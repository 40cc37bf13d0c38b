// SPDX-License-Identifier: GPL-2.0-only
import { clear_bit, set_bit, test_bit } from '@libmultipath/kernel';
import type { Remedy } from './remedy.js';

/** Bit of `mpath_head.flags`, after those of v3. */
const MPATH_HEAD_DISK_REMOVED = 3;

/** A removal that was armed again while it ran finds that the head was removed, and leaves it alone. */
export const remove_head_runs_once: Remedy = {
  name: 'remove-head-runs-once',
  removes: ['the callback `remove_head` of a head that was removed'],
  inC: '`mpath_remove_disk()` sets a new bit `MPATH_HEAD_DISK_REMOVED`, with which `mpath_remove_head_work()` leaves the callback out; `mpath_alloc_head_disk()` clears it.',
  apply: (parts) => ({
    ...parts,
    note_removal: (head, removed) =>
      removed ? set_bit(MPATH_HEAD_DISK_REMOVED, head, 'flags') : clear_bit(MPATH_HEAD_DISK_REMOVED, head, 'flags'),
    was_removed: (head) => test_bit(MPATH_HEAD_DISK_REMOVED, head, 'flags'),
  }),
};
