// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_is_partition,
  BLK_OPEN_WRITE,
  E,
  kfn,
  load,
  READ_ONCE,
  type blk_mode_t,
  type block_device,
  type Steps,
} from '@libmultipath/driver-kit';
import {
  NVME_CTRL_LIVE,
  NVME_SC_CMD_SEQ_ERROR,
  NVME_SC_HOST_PATH_ERROR,
  NVME_SC_SUCCESS,
  NVME_STATUS_DNR,
} from '../environment/constants.js';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import type { nvme_ns_base } from '../environment/nvme-ns.js';
import { with_effects } from '../environment/passthru-effects.js';
import { nvme_cmd_allowed, NVME_IOCTL_PARTITION } from './allowed.js';
import { invalid_opcode, nvme_submit_sync_cmd, transfer_of } from './execute.js';
import {
  is_ctrl_ioctl,
  NVME_IOCTL_ADMIN64_CMD,
  NVME_IOCTL_ADMIN_CMD,
  NVME_IOCTL_ID,
  NVME_IOCTL_IO64_CMD,
  NVME_IOCTL_IO64_CMD_VEC,
  NVME_IOCTL_IO_CMD,
  NVME_IOCTL_SUBMIT_IO,
  NVME_FEAT_NUM_QUEUES,
  nvme_admin_set_features,
  nvme_admin_vendor_start,
  nvme_cmd_compare,
  nvme_cmd_read,
  nvme_cmd_write,
} from './numbers.js';
import { commandFrom, type user_command } from './user-command.js';

/** Which of the user's structures it is: the plain one is checked without the partition's flag. */
const partitionCounts: readonly number[] = [NVME_IOCTL_IO64_CMD, NVME_IOCTL_IO64_CMD_VEC, NVME_IOCTL_SUBMIT_IO];

/** Kernel: nvme_user_cmd(), nvme_user_cmd64(), nvme_submit_io(), 7.3, on a namespace. */
function* on_namespace(ns: nvme_ns_base, cmd: number, arg: unknown, flags: number, write: boolean): Steps<number> {
  const command = commandFrom(arg);
  if (command === undefined) return -E.EFAULT;
  if (command.flags !== 0) return -E.EINVAL;
  const isIo = cmd === NVME_IOCTL_SUBMIT_IO;
  if (isIo && ![nvme_cmd_write, nvme_cmd_read, nvme_cmd_compare].includes(command.opcode)) return -E.EINVAL;
  if (!isIo && command.nsid !== ns.head?.ns_id) return -E.EINVAL;
  const looked = partitionCounts.includes(cmd) ? flags : 0;
  const isChecked = !isIo || ns.ctrl.core.parts.passthrough.checksSubmitIo;
  if (isChecked && !nvme_cmd_allowed(ns.ctrl, true, command, looked, write)) return -E.EACCES;
  const slba = isIo ? command.slba : command.cdw10;
  return yield* nvme_submit_sync_cmd(ns, command.opcode, () => transfer_of(ns, command, slba, arg));
}

/**
 * Ioctls of a namespace, on one path. Kernel: nvme_ns_ioctl(), 7.3. Context: may sleep.
 * @param flags NVME_IOCTL_PARTITION or 0
 * @returns 0, a positive status of the device, -errno; of NVME_IOCTL_ID the namespace id
 */
export const nvme_ns_ioctl = kfn(
  'nvme_ns_ioctl',
  function* (ns: nvme_ns_base, cmd: number, arg: unknown, flags: number, open_for_write: boolean): Steps<number> {
    switch (cmd) {
      case NVME_IOCTL_ID: {
        const head = yield* load(ns, 'head');
        return head === null ? -E.ENOTTY : yield* load(head, 'ns_id');
      }
      case NVME_IOCTL_IO_CMD:
      case NVME_IOCTL_SUBMIT_IO:
      case NVME_IOCTL_IO64_CMD:
      case NVME_IOCTL_IO64_CMD_VEC:
        return yield* on_namespace(ns, cmd, arg, flags, open_for_write);
      default:
        return -E.ENOTTY;
    }
  },
);

/** What the device answers: to a vendor's command, and to a number of queues, which an emulated one takes but once. */
const admin_status = (ctrl: nvme_ctrl, { opcode, cdw10 }: user_command): number => {
  if (opcode >= nvme_admin_vendor_start) return invalid_opcode(ctrl);
  const setsQueues = opcode === nvme_admin_set_features && (cdw10 & 0xff) === NVME_FEAT_NUM_QUEUES;
  return setsQueues && ctrl.slot.target === null ? NVME_SC_CMD_SEQ_ERROR | NVME_STATUS_DNR : NVME_SC_SUCCESS;
};

/**
 * Ioctls of a controller. The admin queue of the model has no depth: a command ends at once, and what it does is
 * nothing that multipath sees. Kernel: nvme_ctrl_ioctl(), 7.3. Context: may sleep.
 * @returns 0, a positive status, or -errno
 */
export const nvme_ctrl_ioctl = kfn(
  'nvme_ctrl_ioctl',
  function* (ctrl: nvme_ctrl, cmd: number, arg: unknown, open_for_write: boolean): Steps<number> {
    if (cmd !== NVME_IOCTL_ADMIN_CMD && cmd !== NVME_IOCTL_ADMIN64_CMD) return -E.ENOTTY;
    const command = commandFrom(arg);
    if (command === undefined) return -E.EFAULT;
    if (command.flags !== 0) return -E.EINVAL;
    if (!nvme_cmd_allowed(ctrl, false, command, 0, open_for_write)) return -E.EACCES;
    return yield* with_effects(ctrl, command.opcode, function* () {
      return (yield* READ_ONCE(ctrl, 'state')) === NVME_CTRL_LIVE
        ? admin_status(ctrl, command)
        : NVME_SC_HOST_PATH_ERROR;
    });
  },
);

/** The controller's own or the namespace's. Kernel: nvme_ns_chr_ioctl(), and its body for a head's path. */
export const ns_or_ctrl_ioctl = kfn(
  '_nvme_ns_chr_ioctl',
  function* (ns: nvme_ns_base, cmd: number, arg: unknown, flags: number, open_for_write: boolean): Steps<number> {
    if (!is_ctrl_ioctl(cmd)) return yield* nvme_ns_ioctl(ns, cmd, arg, flags, open_for_write);
    return yield* nvme_ctrl_ioctl(yield* load(ns, 'ctrl'), cmd, arg, open_for_write);
  },
);

/** Ioctl of a path's own block device. Kernel: nvme_ioctl(), 7.3. Context: may sleep. */
export const nvme_ioctl = (ns: nvme_ns_base) =>
  kfn('nvme_ioctl', (bdev: block_device, mode: blk_mode_t, cmd: number, arg: unknown): Steps<number> =>
    ns_or_ctrl_ioctl(ns, cmd, arg, bdev_is_partition(bdev) ? NVME_IOCTL_PARTITION : 0, (mode & BLK_OPEN_WRITE) !== 0),
  );
