// SPDX-License-Identifier: GPL-2.0-only
import {
  BLK_STS_OK,
  dev_err,
  HZ,
  KObject,
  makeStep,
  READ_ONCE,
  REQ_OP_FLUSH,
  REQ_OP_MASK,
  REQ_OP_WRITE,
  type blk_status_t,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import { set_state_locked } from '../device-state.js';
import { isOnline, SDEV_OFFLINE } from '../device-states.js';
import type { scsi_disposition } from '../disposition.js';
import { isMediumAccess, READ_10, SYNCHRONIZE_CACHE, transfer10, WRITE_10 } from '../opcodes.js';
import { SD_MAX_RETRIES, type scsi_cmnd } from '../scsi-cmnd.js';
import type { scsi_device } from '../scsi-device.js';
import { DID_TIME_OUT, host_byte } from '../status-codes.js';

/** Kernel: SD_MAX_MEDIUM_TIMEOUTS. */
const SD_MAX_MEDIUM_TIMEOUTS = 2;
const SECTOR_SIZE = 512;

/** Kernel: struct scsi_disk, the driver sd on one device. */
export class scsi_disk extends KObject {
  /** Sectors of 512 bytes, as the device last said; 0 unknown. */
  capacity = 0;
  /** Number of the letters; -1 for a path below a head. */
  index = -1;
  /** Commands in a row that timed out though the device says it is ready. */
  medium_access_timed_out = 0;
  /** One timeout of the present recovery was counted. */
  ignore_medium_access_errors = false;
  max_medium_access_timeouts = SD_MAX_MEDIUM_TIMEOUTS;
  /** Attempts beyond the first; -1: without a limit. */
  max_retries = SD_MAX_RETRIES;
  /** Of who implements multipath: `sd_mpath_disk`. */
  sd_mpath_disk: KObject | null = null;

  constructor(
    readonly device: scsi_device,
    readonly disk: gendisk,
  ) {
    super();
  }

  /** Kernel: sd_init_command(), of reads, writes and flushes. */
  init_command(cmd: scsi_cmnd): blk_status_t {
    const { bio } = cmd;
    if (bio === null) return BLK_STS_OK;
    const op = bio.bi_opf & REQ_OP_MASK;
    const opcode = op === REQ_OP_WRITE ? WRITE_10 : READ_10;
    cmd.cmnd =
      op === REQ_OP_FLUSH
        ? [SYNCHRONIZE_CACHE, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        : transfer10(opcode, bio.bi_sector, Math.max(1, bio.bi_size / SECTOR_SIZE));
    cmd.allowed = this.max_retries;
    cmd.timeoutJiffies = this.device.rq_timeout_s * HZ;
    return BLK_STS_OK;
  }

  /** A command that ends, however, is no timeout in a row. Kernel: sd_done(), as far as it remembers. Context: any. */
  *done(): Steps<void> {
    if ((yield* READ_ONCE(this, 'medium_access_timed_out')) === 0) return;
    yield makeStep('sd_done', this, 'medium_access_timed_out', 'write');
    this.medium_access_timed_out = 0;
  }

  /** Kernel: sd_eh_reset(). Context: atomic. */
  *eh_reset(): Steps<void> {
    yield makeStep('sd_eh_reset', this, 'medium_access_timed_out', 'update');
    this.ignore_medium_access_errors = false;
  }

  /**
   * A device that is ready and still times out is taken offline at the second time.
   * Kernel: sd_eh_action(), all versions. Context: may sleep.
   */
  *eh_action(cmd: scsi_cmnd, eh_disp: scsi_disposition): Steps<scsi_disposition> {
    const online = isOnline(yield* READ_ONCE(this.device, 'sdev_state'));
    const timedOut = isMediumAccess(cmd.cmnd) && host_byte(cmd.result) === DID_TIME_OUT;
    if (!online || !timedOut || eh_disp !== 'SUCCESS') return eh_disp;
    yield makeStep('sd_eh_action', this, 'medium_access_timed_out', 'update');
    if (!this.ignore_medium_access_errors) {
      this.medium_access_timed_out++;
      this.ignore_medium_access_errors = true;
    }
    if (this.medium_access_timed_out < this.max_medium_access_timeouts) return eh_disp;
    dev_err(this.device, 'Medium access timeout failure. Offlining disk!');
    yield* set_state_locked(this.device, SDEV_OFFLINE);
    return 'SUCCESS';
  }
}
