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

/** sysfs text of each ANA state, by its number; numbers in between have none. */
export const nvme_ana_state_names: readonly (string | undefined)[] = [
  'invalid state',
  'optimized',
  'non-optimized',
  'inaccessible',
  'persistent-loss',
  ...Array.from({ length: 10 }, () => undefined),
  'change',
];

/** Bits of `nvme_ns.flags`. */
export const NVME_NS_REMOVING = 0;
export const NVME_NS_ANA_PENDING = 2;
export const NVME_NS_FORCE_RO = 3;
export const NVME_NS_READY = 4;
export const NVME_NS_SYSFS_ATTR_LINK = 5;

/** Bits of `nvme_ctrl.flags`. */
export const NVME_CTRL_FAILFAST_EXPIRED = 0;
export const NVME_CTRL_ADMIN_Q_STOPPED = 1;
export const NVME_CTRL_STARTED_ONCE = 2;
export const NVME_CTRL_DIRTY_CAPABILITY = 5;
export const NVME_CTRL_FROZEN = 6;

/** Bits of `nvme_ctrl.events`. */
export const NVME_AER_NOTICE_NS_CHANGED = 0x00;
export const NVME_AER_NOTICE_ANA = 0x03;

/** Bits of `nvme_request.flags`. */
export const NVME_REQ_CANCELLED = 1;
export const NVME_REQ_USERCMD = 2;
export const NVME_MPATH_IO_STATS = 4;
export const NVME_MPATH_CNT_ACTIVE = 8;

/** `subsystem.cmic`: several controllers may exist. */
export const NVME_CTRL_CMIC_MULTI_CTRL = 1 << 1;
/** `subsystem.cmic`: asymmetric namespace access is reported. */
export const NVME_CTRL_CMIC_ANA = 1 << 3;
/** `ctrl.oacs`: namespaces can be managed, so a namespace id stands for one namespace. */
export const NVME_CTRL_OACS_NS_MNGT_SUPP = 1 << 3;
/** `ctrl.ctratt`: NVM sets, as above. */
export const NVME_CTRL_CTRATT_NVM_SETS = 1 << 2;
/** Command sets. */
export const NVME_CSI_NVM = 0;
export const NVME_CSI_ZNS = 2;

/** Mark of a bio that a head sent to a path. */
export const REQ_NVME_MPATH = REQ_DRV;

/** Status codes, type and code together. */
export const NVME_SC_SUCCESS = 0x0;
export const NVME_SC_INVALID_OPCODE = 0x1;
export const NVME_SC_INVALID_FIELD = 0x2;
export const NVME_SC_INTERNAL = 0x6;
export const NVME_SC_INVALID_NS = 0xb;
export const NVME_SC_CMD_SEQ_ERROR = 0xc;
export const NVME_SC_HOST_ID_INCONSIST = 0x18;
export const NVME_SC_CMD_INTERRUPTED = 0x21;
export const NVME_SC_LBA_RANGE = 0x80;
export const NVME_SC_CAP_EXCEEDED = 0x81;
export const NVME_SC_NS_NOT_READY = 0x82;
export const NVME_SC_RESERVATION_CONFLICT = 0x83;
export const NVME_SC_BAD_ATTRIBUTES = 0x180;
export const NVME_SC_INVALID_PI = 0x181;
export const NVME_SC_READ_ONLY = 0x182;
export const NVME_SC_CONNECT_INVALID_HOST = 0x184;
export const NVME_SC_AUTH_REQUIRED = 0x191;
export const NVME_SC_ZONE_TOO_MANY_ACTIVE = 0x1bd;
export const NVME_SC_ZONE_TOO_MANY_OPEN = 0x1be;
export const NVME_SC_WRITE_FAULT = 0x280;
export const NVME_SC_READ_ERROR = 0x281;
export const NVME_SC_GUARD_CHECK = 0x282;
export const NVME_SC_APPTAG_CHECK = 0x283;
export const NVME_SC_REFTAG_CHECK = 0x284;
export const NVME_SC_COMPARE_FAILED = 0x285;
export const NVME_SC_ACCESS_DENIED = 0x286;
export const NVME_SC_UNWRITTEN_BLOCK = 0x287;
export const NVME_SC_INTERNAL_PATH_ERROR = 0x300;
export const NVME_SC_ANA_PERSISTENT_LOSS = 0x301;
export const NVME_SC_ANA_INACCESSIBLE = 0x302;
export const NVME_SC_ANA_TRANSITION = 0x303;
export const NVME_SC_CTRL_PATH_ERROR = 0x360;
export const NVME_SC_HOST_PATH_ERROR = 0x370;
export const NVME_SC_HOST_ABORTED_CMD = 0x371;
/** Retry delayed: 0, or which of the controller's three times. */
export const NVME_STATUS_CRD = 0x1800;
/** More information in the error log. */
export const NVME_STATUS_MORE = 0x2000;
/** Do not retry. */
export const NVME_STATUS_DNR = 0x4000;
/** Type and code without the bits above. */
export const NVME_SCT_SC_MASK = 0x7ff;

/** Module parameter `max_retries`, as it is unless somebody writes it. */
export const nvme_max_retries = 5;

/** enum of `subsystem.iopolicy`; the names are what sysfs shows. */
export const NVME_IOPOLICY_NUMA = 0;
export const NVME_IOPOLICY_RR = 1;
export const NVME_IOPOLICY_QD = 2;
export const nvme_iopolicy_names = ['numa', 'round-robin', 'queue-depth'] as const;
