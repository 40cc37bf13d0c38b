// SPDX-License-Identifier: GPL-2.0-only
import type { bio_list, cdev, gendisk, KObject, list_head } from '@libmultipath/kernel';
import { MPATH_HEAD_CDEV_LIVE, MPATH_HEAD_DISK_LIVE } from '../constants.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

/**
 * A head as properties and the standard battery see it. Whoever implements multipath keeps these
 * things under names of its own; the objects are the model's, never copies. Reading takes no steps.
 */
export interface HeadView {
  /** The structure that has the list of paths and the cache in it. */
  readonly object: KObject;
  /** The head's disk; null: it has none (any more). */
  readonly disk: gendisk | null;
  /** Is the disk live: can it be found, opened and written to? What is parked on a dead one must end. */
  readonly live: boolean;
  /** Its char device, while that is there; null: there is none. */
  readonly cdev: cdev | null;
  /** Link of the list of paths, for `list_entries`. */
  readonly paths: list_head;
  /** Cached path by NUMA node id. */
  readonly currentPath: readonly (KObject | null)[];
  /** Bios that wait for a kick. */
  readonly parked: bio_list;
}

const isSet = (flags: number, bit: number): boolean => (flags & (1 << bit)) !== 0;

/**
 * The view of a head of the library, of any revision.
 * @param disk in v1 that of its `mpath_disk`, later the head's own
 */
export const viewOfHead = (head: mpath_head_base<mpath_device_base>, disk: gendisk | null): HeadView => ({
  object: head,
  disk,
  live: isSet(head.flags, MPATH_HEAD_DISK_LIVE),
  // v1 and v2 keep no flag for it; a char device that has a number was added.
  cdev: isSet(head.flags, MPATH_HEAD_CDEV_LIVE) || head.cdev.dev !== 0 ? head.cdev : null,
  paths: head.dev_list,
  currentPath: head.current_path,
  parked: head.requeue_list,
});
