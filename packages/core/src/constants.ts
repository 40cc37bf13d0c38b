// SPDX-License-Identifier: GPL-2.0-only
import { KObject, REQ_DRV } from '@libmultipath/kernel';

/** `enum mpath_iopolicy_e`. */
export const MPATH_IOPOLICY_NUMA = 0;
export const MPATH_IOPOLICY_RR = 1;
export const MPATH_IOPOLICY_QD = 2;
export type mpath_iopolicy_e = typeof MPATH_IOPOLICY_NUMA | typeof MPATH_IOPOLICY_RR | typeof MPATH_IOPOLICY_QD;

/** Text names, by value. */
export const mpath_iopolicy_names = ['numa', 'round-robin', 'queue-depth'] as const;

/** The policy variable that heads point to. */
export class mpath_iopolicy extends KObject {
  value: mpath_iopolicy_e = MPATH_IOPOLICY_NUMA;
}

/** `enum mpath_access_state`; zeroed memory means OPTIMIZED. */
export const MPATH_STATE_OPTIMIZED = 0;
export const MPATH_STATE_NONOPTIMIZED = 1;
export const MPATH_STATE_OTHER = 2;
export type mpath_access_state =
  | typeof MPATH_STATE_OPTIMIZED
  | typeof MPATH_STATE_NONOPTIMIZED
  | typeof MPATH_STATE_OTHER;

/** Bits of `mpath_head.flags`. */
export const MPATH_HEAD_DISK_LIVE = 0;
export const MPATH_HEAD_QUEUE_IF_NO_PATH = 1;
export const MPATH_HEAD_CDEV_LIVE = 2;

/** Bit of `mpath_device.flags`. */
export const MPATH_DEVICE_SYSFS_ATTR_LINK = 0;

/** Alias of `REQ_DRV`: marks what the library sends down. */
export const REQ_MPATH = REQ_DRV;

/** Did the library send it down? Kernel: `is_mpath_request()`, patch 04 of v1 to v3. Pure. */
export const is_mpath_request = (rq: { readonly cmd_flags: number }): boolean => (rq.cmd_flags & REQ_MPATH) !== 0;
