// SPDX-License-Identifier: GPL-2.0-only
import type { bio, KObject, Steps } from '@libmultipath/kernel';
import type { mpath_device, mpath_head } from './structures.js';

/**
 * What a driver brings. Every callback is a kernel function; `is_disabled`, `is_optimized`
 * and `available_path` run inside an SRCU read section of the head, the first two also
 * under `mpath_head.lock` from `mpath_device_set_live`. Source: v3 patches 02 to 11, the
 * members that the functions of this package reach.
 */
export interface mpath_head_template {
  /** May this path come back soon? Asked per path in list order when none is usable; the first true parks the bio. */
  readonly available_path: (dev: mpath_device) => Steps<boolean>;
  /** The path must not get I/O now. */
  readonly is_disabled: (dev: mpath_device) => Steps<boolean>;
  /** The path is usable and optimized. */
  readonly is_optimized: (dev: mpath_device) => Steps<boolean>;
  /** Finishes a delayed removal; runs on `mpath-wq`, no lock held. Needed when delayed removal can be armed. */
  readonly remove_head?: (head: mpath_head) => Steps<void>;
  /** Makes the char device, after the disk was added; 0 or a negative errno. Needs `del_cdev` and `cdev_ioctl`. */
  readonly add_cdev?: (head: mpath_head) => Steps<number>;
  /** Removes it, before the grace period of `mpath_remove_disk`. */
  readonly del_cdev?: (head: mpath_head) => Steps<void>;
  /** An ioctl of the char device, on the path that was chosen; 0 or more, or a negative errno. */
  readonly cdev_ioctl?: (dev: mpath_device, cmd: number, arg: unknown, open_for_write: boolean) => Steps<number>;
  /**
   * An ioctl is about to run on the path. May give an object that outlives the path and
   * that it took a reference on: the library then leaves its SRCU section before the ioctl.
   */
  readonly ioctl_begin?: (dev: mpath_device, cmd: number) => Steps<KObject | null>;
  /** Drops that reference, after the ioctl. Pair of `ioctl_begin`. */
  readonly ioctl_finish?: (opaque: KObject) => Steps<void>;
  /** A clone to send down instead of the original, or null (the original then fails). */
  readonly clone_bio?: (original: bio) => Steps<bio | null>;
}
