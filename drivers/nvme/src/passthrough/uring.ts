// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  FMODE_WRITE,
  io_uring_cmd_done,
  IO_URING_F_NONBLOCK,
  kfn,
  type io_uring_cmd,
  type Steps,
} from '@libmultipath/driver-kit';
import type { nvme_ns_base } from '../environment/nvme-ns.js';
import { nvme_command, type nvme_request } from '../environment/request.js';
import { nvme_cmd_allowed } from './allowed.js';
import { issue, result_of, transfer_of } from './execute.js';
import { NVME_URING_CMD_IO, NVME_URING_CMD_IO_VEC } from './numbers.js';
import { commandFrom } from './user-command.js';

/** A command that nobody waits for: its end completes the ring's entry. */
class nvme_uring_command extends nvme_command {
  constructor(
    readonly ioucmd: io_uring_cmd,
    opcode: number,
    execute: () => Steps<number>,
  ) {
    super(opcode, execute);
  }

  /** Kernel: nvme_uring_cmd_end_io(). (The entry is completed here, not in task work.) */
  override ended(rq: nvme_request): Steps<void> {
    return io_uring_cmd_done(this.ioucmd, result_of(rq));
  }
}

/**
 * Passthrough of a ring, on one path. Kernel: nvme_ns_uring_cmd() with nvme_uring_cmd_io(), 7.3. Context: may sleep
 * without IO_URING_F_NONBLOCK.
 * @returns -EIOCBQUEUED: it is under way; -ENOTTY, -EFAULT, -EINVAL, -EACCES; -EAGAIN, -ENODEV of the queue
 */
export const nvme_ns_uring_cmd = kfn(
  'nvme_ns_uring_cmd',
  function* (ns: nvme_ns_base, ioucmd: io_uring_cmd, issue_flags: number): Steps<number> {
    if (ioucmd.cmd_op !== NVME_URING_CMD_IO && ioucmd.cmd_op !== NVME_URING_CMD_IO_VEC) return -E.ENOTTY;
    const command = commandFrom(ioucmd.cmd);
    if (command === undefined) return -E.EFAULT;
    if (command.flags !== 0 || command.nsid !== ns.head?.ns_id) return -E.EINVAL;
    const open_for_write = (ioucmd.file.f_mode & FMODE_WRITE) !== 0;
    if (!nvme_cmd_allowed(ns.ctrl, true, command, 0, open_for_write)) return -E.EACCES;
    const run = (): Steps<number> => transfer_of(ns, command, command.cdw10, ioucmd.cmd);
    const nowait = issue_flags >= IO_URING_F_NONBLOCK;
    const rq = yield* issue(ns, new nvme_uring_command(ioucmd, command.opcode, run), nowait);
    return typeof rq === 'number' ? rq : -E.EIOCBQUEUED;
  },
);

/** What has come by an interrupt needs no polling. Kernel: nvme_ns_chr_uring_cmd_iopoll(), of a queue without polling. */
export const nvme_ns_chr_uring_cmd_iopoll = kfn('nvme_ns_chr_uring_cmd_iopoll', function* (): Steps<number> {
  return 0;
});
