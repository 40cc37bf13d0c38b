// SPDX-License-Identifier: GPL-2.0-only
import {
  BLK_STS_OK,
  delayed_work,
  HZ,
  KObject,
  list_head,
  timer_list,
  type bio,
  type blk_status_t,
  type completion,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import type { Cdb } from './opcodes.js';
import type { scsi_device } from './scsi-device.js';

/** Kernel: SD_TIMEOUT, SD_MAX_RETRIES. */
export const SD_TIMEOUT = 30 * HZ;
export const SD_MAX_RETRIES = 5;
/** `allowed` of a command that is retried for ever. */
export const SCSI_CMD_RETRIES_NO_LIMIT = -1;

/**
 * Kernel: struct request with its struct scsi_cmnd. From submission to end it belongs to one side at a
 * time (queue, host, error handler), so its fields are nobody else's; only `state` is raced for.
 */
export class scsi_cmnd extends KObject {
  cmnd: Cdb = [];
  /** Bits of `bi_opf` that matter here: REQ_FAILFAST_… */
  cmd_flags: number;
  /** RQF_QUIET. */
  quiet = false;
  /** RQF_DONTPREP. */
  prepared = false;
  /** Flags of who implements multipath (SCMD_MPATH_…). */
  mpath_flags = 0;
  /** The head's disk that counts it, and since when, in jiffies; with SCMD_MPATH_IO_STATS. */
  stats_disk: gendisk | null = null;
  start_time = 0;
  allowed = 0;
  retries = 0;
  result = 0;
  sense_buffer: readonly number[] = [];
  timeoutJiffies = SD_TIMEOUT;
  /** -1: not prepared yet. */
  jiffies_at_alloc = -1;
  /** The error handler sends a command of its own in its place. */
  submittedByEh = false;
  /** SCSI_EH_ABORT_SCHEDULED. */
  abortScheduled = false;
  /** SCMD_STATE_COMPLETE: whoever sets it ends the command, the answer or the timeout. */
  state_complete = false;
  /** What a read brought, or what a write carries; for passthrough. */
  data: readonly number[] = [];
  /** In `host->eh_cmd_q` or on a list of the error handler. */
  readonly eh_entry = new list_head<scsi_cmnd>(this);
  /** Expires when a device does not answer; armed only for such commands, since an answer takes no time. */
  timer: timer_list | null = null;
  /** Made for the first timeout. */
  abort_work: delayed_work | null = null;
  /** Status of a passthrough command that ended. */
  status: blk_status_t = BLK_STS_OK;

  constructor(
    readonly device: scsi_device,
    /** null: passthrough. */
    readonly bio: bio | null,
    /** For passthrough: who waits. */
    readonly waiting: completion | null,
  ) {
    super();
    this.cmd_flags = bio?.bi_opf ?? 0;
  }

  get isPassthrough(): boolean {
    return this.bio === null;
  }

  /** Arms the timeout. @param expired runs in the timer's context */
  makeTimer(expired: () => Steps<void>): timer_list {
    return (this.timer ??= new timer_list(this, expired, 'scsi_timeout'));
  }

  /** The work that aborts the command. @param fn runs in a worker of the host */
  makeAbortWork(fn: () => Steps<void>): delayed_work {
    return (this.abort_work ??= new delayed_work(this, fn, 'scmd_eh_abort_handler'));
  }
}
