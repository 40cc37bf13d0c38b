// SPDX-License-Identifier: GPL-2.0-only
import type {
  attribute_group,
  bio,
  blk_mode_t,
  blk_report_zones_args,
  blk_unique_id,
  block_device,
  io_uring_cmd,
  Steps,
} from '@libmultipath/kernel';
import type { mpath_iopolicy_e } from '../constants.js';
import type { mpath_head_template_base } from '../structures/template-base.js';
import type { mpath_access_state } from './constants.js';
import type { mpath_pr_ops } from './pr-ops.js';
import type { mpath_device, mpath_head } from './structures.js';

/** A `bool *` that a callback writes through. */
export interface bool_pointer {
  value: boolean;
}

/** What a driver brings, in v1. Nothing is checked before use but where it says so. Source: v1 patches 02 to 13. */
export interface mpath_head_template extends mpath_head_template_base<mpath_device> {
  /** May this path come back soon? It does when the return value and `available` are both true. */
  readonly available_path: (dev: mpath_device, available: bool_pointer) => Steps<boolean>;
  /** Asked for each path that is looked at; in the round-robin walk once. Context: as `is_disabled`. */
  readonly get_access_state: (dev: mpath_device) => Steps<mpath_access_state>;
  /** Asked once for each bio, and by `mpath_device_set_live()` once for each node. Context: as `is_disabled`. */
  readonly get_iopolicy: (head: mpath_head) => Steps<mpath_iopolicy_e>;
  /** Makes the char device, after the disk was added. What it returns is ignored. */
  readonly add_cdev?: (head: mpath_head) => Steps<number>;
  /** Removes it, at every removal of the disk, whether there is one or not. */
  readonly del_cdev?: (head: mpath_head) => Steps<void>;
  /** A clone to send down instead of the original. That it may be NULL is not looked at. */
  readonly clone_bio?: (original: bio) => Steps<bio | null>;
  /**
   * An ioctl of the block device, on the path that was chosen. It is called inside the head's SRCU section
   * and has to leave it with `mpath_head_read_unlock()`, when it has taken what outlives the path.
   */
  readonly bdev_ioctl?: (
    bdev: block_device,
    dev: mpath_device,
    mode: blk_mode_t,
    cmd: number,
    arg: unknown,
    srcu_idx: number,
  ) => Steps<number>;
  /** The same for the char device; `mode` is the file's `f_mode`. */
  readonly cdev_ioctl?: (
    head: mpath_head,
    dev: mpath_device,
    mode: number,
    cmd: number,
    arg: unknown,
    srcu_idx: number,
  ) => Steps<number>;
  /** Context: inside the head's SRCU section. Looked for before a path is. @returns the number of zones */
  readonly report_zones?: (
    dev: mpath_device,
    sector: number,
    nr_zones: number,
    args: blk_report_zones_args,
  ) => Steps<number>;
  /** Context: inside the head's SRCU section. Looked for before a path is. */
  readonly chr_uring_cmd?: (dev: mpath_device, ioucmd: io_uring_cmd, issue_flags: number) => Steps<number>;
  /** Context: no SRCU section. */
  readonly chr_uring_cmd_iopoll?: (ioucmd: io_uring_cmd, iob: object | null, poll_flags: number) => Steps<number>;
  /** Context: inside the head's SRCU section. @returns the number of bytes */
  readonly get_unique_id?: (dev: mpath_device, id: number[], type: blk_unique_id) => Steps<number>;
  /** Context: inside the head's SRCU section. */
  readonly pr_ops?: mpath_pr_ops;
  /** Attribute groups of the head's disk. */
  readonly device_groups?: readonly attribute_group[];
}
