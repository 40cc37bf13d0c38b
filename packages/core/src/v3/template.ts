// SPDX-License-Identifier: GPL-2.0-only
import type { bio, io_uring_cmd, KObject, Steps } from '@libmultipath/kernel';
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
  /**
   * An io_uring command of the char device, on the path that was chosen.
   * Context: inside the head's SRCU section. Absent: -EOPNOTSUPP, once a path was found.
   * @returns a result, -EIOCBQUEUED, or -errno
   */
  readonly chr_uring_cmd?: (dev: mpath_device, ioucmd: io_uring_cmd, issue_flags: number) => Steps<number>;
  /** Polls for the completion of one. Context: no SRCU section, no path was looked for. Absent: -EOPNOTSUPP. */
  readonly chr_uring_cmd_iopoll?: (ioucmd: io_uring_cmd, iob: object | null, poll_flags: number) => Steps<number>;
  /** A clone to send down instead of the original, or null (the original then fails). */
  readonly clone_bio?: (original: bio) => Steps<bio | null>;
}
