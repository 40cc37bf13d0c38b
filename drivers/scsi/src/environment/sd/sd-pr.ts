// SPDX-License-Identifier: GPL-2.0-only
import { E, kfn, type pr_ops, type Steps } from '@libmultipath/driver-kit';
import { toBe } from '../bytes.js';
import { scsi_execute_cmd } from '../execute.js';
import { PERSISTENT_RESERVE_OUT } from '../opcodes.js';
import { SD_MAX_RETRIES } from '../scsi-cmnd.js';
import type { scsi_device } from '../scsi-device.js';
import type { scsi_sense_hdr } from '../sense.js';
import * as code from '../status-codes.js';

/** Service actions of PERSISTENT RESERVE OUT. */
export const PR_REGISTER = 0x00;
export const PR_RESERVE = 0x01;
export const PR_RELEASE = 0x02;
export const PR_CLEAR = 0x03;
export const PR_PREEMPT = 0x04;
export const PR_PREEMPT_AND_ABORT = 0x05;

/** enum pr_status: what a method gives for a command that the device did not carry out. */
export const PR_STS_IOERR = 0x2;
export const PR_STS_RESERVATION_CONFLICT = 0x18;
const PR_STS_RETRY_PATH_FAILURE = 0xe_0000;
const PR_STS_PATH_FAST_FAILED = 0xf_0000;
const PR_STS_PATH_FAILED = 0x1_0000;

const TIMEOUT_S = 30;

/** Kernel: block_pr_type_to_scsi(): enum pr_type as the command has it; 0: no such type. Pure. */
const block_pr_type_to_scsi = (type: number): number => [0, 1, 3, 5, 6, 7, 8][type] ?? 0;

/** By host byte alone. */
const ofHost: ReadonlyMap<number, number> = new Map([
  [code.DID_TRANSPORT_MARGINAL, PR_STS_RETRY_PATH_FAILURE],
  [code.DID_TRANSPORT_DISRUPTED, PR_STS_RETRY_PATH_FAILURE],
  [code.DID_BUS_BUSY, PR_STS_RETRY_PATH_FAILURE],
  [code.DID_NO_CONNECT, PR_STS_PATH_FAILED],
  [code.DID_TRANSPORT_FAILFAST, PR_STS_PATH_FAST_FAILED],
]);

/** Kernel: sd_scsi_to_pr_err(), 6.12 and 7.3. Pure. @returns PR_STS_… or -EINVAL */
const sd_scsi_to_pr_err = (result: number, sshdr: scsi_sense_hdr | null): number => {
  const host = ofHost.get(code.host_byte(result));
  if (host !== undefined) return host;
  const status = result & 0xff;
  if (status === code.SAM_STAT_RESERVATION_CONFLICT) return PR_STS_RESERVATION_CONFLICT;
  const wrong = sshdr?.sense_key === code.ILLEGAL_REQUEST && (sshdr.asc === 0x26 || sshdr.asc === 0x24);
  return status === code.SAM_STAT_CHECK_CONDITION && wrong ? -E.EINVAL : PR_STS_IOERR;
};

/** Kernel: sd_pr_out_command(), 6.12 and 7.3. Context: may sleep. @returns 0, PR_STS_… or -errno */
const sd_pr_out_command = kfn(
  'sd_pr_out_command',
  function* (sdev: scsi_device, sa: number, key: number, sa_key: number, type: number): Steps<number> {
    const cdb = [PERSISTENT_RESERVE_OUT, sa, type, 0, 0, ...toBe(24, 4), 0];
    const data = [...toBe(key, 8), ...toBe(sa_key, 8), 0, 0, 0, 0, 0, 0, 0, 0];
    const { result, sshdr } = yield* scsi_execute_cmd(sdev, cdb, {
      timeoutS: TIMEOUT_S,
      retries: SD_MAX_RETRIES,
      data,
    });
    return result <= 0 ? result : sd_scsi_to_pr_err(result, sshdr);
  },
);

/** Reservations of the disk. (The two that read are not modelled.) Kernel: sd_pr_ops. */
export const sd_pr_ops = (sdev: scsi_device): pr_ops => ({
  pr_register: (_bdev, old_key, new_key) => sd_pr_out_command(sdev, PR_REGISTER, old_key, new_key, 0),
  pr_reserve: (_bdev, key, type) => sd_pr_out_command(sdev, PR_RESERVE, key, 0, block_pr_type_to_scsi(type)),
  pr_release: (_bdev, key, type) => sd_pr_out_command(sdev, PR_RELEASE, key, 0, block_pr_type_to_scsi(type)),
  pr_preempt: (_bdev, old_key, new_key, type, abort) =>
    sd_pr_out_command(sdev, abort ? PR_PREEMPT_AND_ABORT : PR_PREEMPT, old_key, new_key, block_pr_type_to_scsi(type)),
  pr_clear: (_bdev, key) => sd_pr_out_command(sdev, PR_CLEAR, key, 0, 0),
});
