// SPDX-License-Identifier: GPL-2.0-only
import {
  kref_get_unless_zero,
  list_first_entry_or_null,
  list_next_or_null,
  type Steps,
} from '@libmultipath/driver-kit';
import type { virtio_mpath_globals } from './driver.js';
import type { virtio_mpath_head } from './paths-and-heads.js';

/**
 * The head of a serial, one that waits for its removal too. Context: the driver's lock held.
 * References: one on the head that was found.
 */
export function* find_head({ heads }: virtio_mpath_globals, serial: string): Steps<virtio_mpath_head | null> {
  let head = yield* list_first_entry_or_null(heads);
  while (head !== null) {
    if (head.serial === serial && (yield* kref_get_unless_zero(head.ref))) return head;
    head = yield* list_next_or_null(heads, head.entry);
  }
  return null;
}
