// SPDX-License-Identifier: GPL-2.0-only
import { capable, CAP_SYS_ADMIN } from '@libmultipath/driver-kit';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import {
  identifyForAll,
  nvme_admin_identify,
  nvme_cmd_compare,
  nvme_cmd_flush,
  nvme_cmd_read,
  nvme_cmd_vendor_start,
  nvme_cmd_write,
  nvme_fabrics_command,
} from './numbers.js';
import type { user_command } from './user-command.js';

/** Bits of the flags that nvme_ns_ioctl() takes: issued on a partition. */
export const NVME_IOCTL_PARTITION = 1 << 1;

/** I/O commands that the controller's effects log has, and nothing says that they are intrusive. */
const supported: readonly number[] = [nvme_cmd_flush, nvme_cmd_write, nvme_cmd_read, nvme_cmd_compare];

const isWrite = (opcode: number): boolean => (opcode & 1) !== 0;

/** Kernel: nvme_admin_cmd_allowed(), 6.12 to 7.3. */
const admin = (ctrl: nvme_ctrl, command: user_command): boolean => {
  if (command.opcode === nvme_admin_identify && identifyForAll.includes(command.cdw10 & 0xff)) return true;
  return !ctrl.core.parts.passthrough.keeps(ctrl, command) && capable(CAP_SYS_ADMIN);
};

/** Kernel: nvme_ns_cmd_allowed(), 7.3. */
const io = ({ opcode }: user_command, open_for_write: boolean): boolean =>
  (supported.includes(opcode) && (!isWrite(opcode) || open_for_write)) || capable(CAP_SYS_ADMIN);

/**
 * May the caller send it? Kernel: nvme_cmd_allowed(), 6.12 to 7.3; before, the test of each of its callers. Pure: of the running task, which alone can change its own.
 * @param flags NVME_IOCTL_PARTITION or 0
 * @param forNamespace an I/O command
 */
export const nvme_cmd_allowed = (
  ctrl: nvme_ctrl,
  forNamespace: boolean,
  command: user_command,
  flags: number,
  open_for_write: boolean,
): boolean => {
  const { opcode } = command;
  if (ctrl.core.parts.passthrough.adminOnly) return capable(CAP_SYS_ADMIN);
  if ((flags & NVME_IOCTL_PARTITION) !== 0) return capable(CAP_SYS_ADMIN);
  if (opcode >= nvme_cmd_vendor_start || opcode === nvme_fabrics_command) return capable(CAP_SYS_ADMIN);
  return forNamespace ? io(command, open_for_write) : admin(ctrl, command);
};
