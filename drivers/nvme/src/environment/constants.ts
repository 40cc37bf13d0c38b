// SPDX-License-Identifier: GPL-2.0-only
import { REQ_DRV } from '@libmultipath/driver-kit';

/*
 * Names and numbers of drivers/nvme/host/nvme.h and include/linux/nvme.h, as far as the
 * model uses them.
 */

/** enum nvme_ctrl_state. */
export const NVME_CTRL_NEW = 0;
export const NVME_CTRL_LIVE = 1;
export const NVME_CTRL_RESETTING = 2;
export const NVME_CTRL_CONNECTING = 3;
export const NVME_CTRL_DELETING = 4;
export const NVME_CTRL_DELETING_NOIO = 5;
export const NVME_CTRL_DEAD = 6;

/** sysfs text of each controller state, by its number. */
export const nvme_ctrl_state_names = [
  'new',
  'live',
  'resetting',
  'connecting',
  'deleting',
  'deleting (no IO)',
  'dead',
] as const;

/** enum nvme_ana_state; 0 is not a state of the wire but that of a path nobody asked yet. */
export const NVME_ANA_OPTIMIZED = 1;
export const NVME_ANA_NONOPTIMIZED = 2;
export const NVME_ANA_INACCESSIBLE = 3;
export const NVME_ANA_PERSISTENT_LOSS = 4;
export const NVME_ANA_CHANGE = 0x0f;

/** Bits of `nvme_ns.flags`. */
export const NVME_NS_REMOVING = 0;
export const NVME_NS_ANA_PENDING = 2;
export const NVME_NS_READY = 4;
export const NVME_NS_SYSFS_ATTR_LINK = 5;

/** Bits of `nvme_ctrl.flags`. */
export const NVME_CTRL_FAILFAST_EXPIRED = 0;
export const NVME_CTRL_STARTED_ONCE = 2;

/** Bits of `nvme_request.flags`. */
export const NVME_MPATH_IO_STATS = 4;
export const NVME_MPATH_CNT_ACTIVE = 8;

/** `subsystem.cmic`: several controllers may exist. */
export const NVME_CTRL_CMIC_MULTI_CTRL = 1 << 1;

/** Mark of a bio that a head sent to a path. */
export const REQ_NVME_MPATH = REQ_DRV;

/** Status codes, type and code together. */
export const NVME_SC_SUCCESS = 0x0;
export const NVME_SC_INTERNAL_PATH_ERROR = 0x300;
export const NVME_SC_ANA_PERSISTENT_LOSS = 0x301;
export const NVME_SC_ANA_INACCESSIBLE = 0x302;
export const NVME_SC_ANA_TRANSITION = 0x303;
export const NVME_SC_CTRL_PATH_ERROR = 0x360;
export const NVME_SC_HOST_PATH_ERROR = 0x370;
export const NVME_SC_HOST_ABORTED_CMD = 0x371;
/** Do not retry. */
export const NVME_STATUS_DNR = 0x4000;
/** Type and code without the bits above. */
export const NVME_SCT_SC_MASK = 0x7ff;

/** Module parameter `max_retries`. */
export const nvme_max_retries = 5;

/** enum of `subsystem.iopolicy`; the names are what sysfs shows. */
export const NVME_IOPOLICY_NUMA = 0;
export const NVME_IOPOLICY_RR = 1;
export const NVME_IOPOLICY_QD = 2;
export const nvme_iopolicy_names = ['numa', 'round-robin', 'queue-depth'] as const;
