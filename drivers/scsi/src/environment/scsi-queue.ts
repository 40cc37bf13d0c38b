// SPDX-License-Identifier: GPL-2.0-only
import { delayed_work, request_queue } from '@libmultipath/driver-kit';
import { blk_mq_requeue_work, blk_mq_run_work } from './mq.js';
import type { scsi_cmnd } from './scsi-cmnd.js';
import type { scsi_device } from './scsi-device.js';

/** Kernel: struct request_queue of a SCSI device, with its one hardware context. It is older than the disk. */
export class scsi_queue extends request_queue {
  /** Requests that wait to be dispatched, in order. */
  readonly dispatch: scsi_cmnd[] = [];
  /** Requests that were given back, until the requeue work moves them to the front. */
  readonly requeue_list: scsi_cmnd[] = [];
  /** Above zero nothing is dispatched. */
  quiesce_depth = 0;
  /** blk_mq_destroy_queue() was called: no request is taken any more. */
  destroyed = false;
  readonly requeue_work: delayed_work;
  readonly run_work: delayed_work;

  constructor(readonly queuedata: scsi_device) {
    super(queuedata);
    this.requeue_work = new delayed_work(this, () => blk_mq_requeue_work(this), 'blk_mq_requeue_work');
    this.run_work = new delayed_work(this, () => blk_mq_run_work(this), 'blk_mq_run_work_fn');
  }
}
