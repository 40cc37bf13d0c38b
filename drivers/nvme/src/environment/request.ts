// SPDX-License-Identifier: GPL-2.0-only
import { blk_queue_get, complete, completion, kfn, KObject, type bio, type Steps } from '@libmultipath/driver-kit';
import { dispatch } from './complete.js';
import { NVME_SC_SUCCESS, REQ_NVME_MPATH } from './constants.js';
import { blk_mq_get_tag } from './hardware.js';
import type { nvme_ns_base } from './nvme-ns.js';

/** A command that somebody waits for, instead of data that a bio moves. Kernel: a passthrough request. */
export class nvme_command extends KObject {
  readonly done = new completion(this);

  constructor(
    readonly opcode: number,
    /** What the device does with it. @returns its status */
    readonly execute: () => Steps<number>,
  ) {
    super();
  }

  /** The request is over. Kernel: `rq->end_io`. Context: atomic. */
  ended(_rq: nvme_request): Steps<void> {
    return complete(this.done);
  }
}

/**
 * Kernel: struct request with its struct nvme_request, of one bio. From its submission to
 * its end it belongs to one side at a time, so its fields are nobody else's.
 */
export class nvme_request extends KObject {
  status = NVME_SC_SUCCESS;
  retries = 0;
  flags = 0;
  /** When the head began to count it, in jiffies; with NVME_MPATH_IO_STATS. */
  start_time = 0;

  constructor(
    readonly ns: nvme_ns_base,
    readonly bio: bio,
    /** Of a passthrough request; its bio carries flags only. */
    readonly command: nvme_command | null = null,
  ) {
    super();
  }

  /** Did a head send it here? */
  get isMpath(): boolean {
    return (this.bio.bi_opf & REQ_NVME_MPATH) !== 0;
  }
}

/**
 * Takes a bio over on a path's disk. A request that a quiesced queue keeps back is counted for policy
 * queue-depth here already, where the kernel counts it when the queue runs: nobody chooses such a path.
 * Kernel: blk_mq_submit_bio() to nvme_queue_rq(), all versions. Context: the submitter's, inside the queue.
 */
export const nvme_queue_rq = kfn('nvme_queue_rq', function* (ns: nvme_ns_base, what: bio): Steps<void> {
  const rq = new nvme_request(ns, what);
  yield* blk_queue_get(ns.disk.queue);
  yield* blk_mq_get_tag(ns.ctrl.slot.hw);
  if (rq.isMpath) yield* ns.ctrl.core.mpath.start_request(rq);
  yield* dispatch(rq);
});
