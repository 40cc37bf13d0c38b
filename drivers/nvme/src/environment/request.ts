// SPDX-License-Identifier: GPL-2.0-only
import { blk_queue_get, kfn, KObject, type bio, type Steps } from '@libmultipath/driver-kit';
import { NVME_SC_SUCCESS, REQ_NVME_MPATH } from './constants.js';
import { nvme_submit_cmd } from './hardware.js';
import type { nvme_ns_base } from './nvme-ns.js';

/**
 * Kernel: struct request with its struct nvme_request, of one bio. From its submission to
 * its end it belongs to one side at a time, so its fields are nobody else's.
 */
export class nvme_request extends KObject {
  status = NVME_SC_SUCCESS;
  retries = 0;
  flags = 0;

  constructor(
    readonly ns: nvme_ns_base,
    readonly bio: bio,
  ) {
    super();
  }

  /** Did a head send it here? */
  get isMpath(): boolean {
    return (this.bio.bi_opf & REQ_NVME_MPATH) !== 0;
  }
}

/**
 * Takes a bio over on a path's disk. A PCI controller accepts commands in every state in
 * which its queues exist, and those outlive the namespaces: nothing is refused here.
 * Kernel: blk_mq_submit_bio() to nvme_queue_rq(), all versions. Context: the submitter's, inside the queue.
 */
export const nvme_queue_rq = kfn('nvme_queue_rq', function* (ns: nvme_ns_base, what: bio): Steps<void> {
  const rq = new nvme_request(ns, what);
  yield* blk_queue_get(ns.disk.queue);
  if (rq.isMpath) yield* ns.ctrl.core.mpath.start_request(rq);
  yield* nvme_submit_cmd(ns.ctrl.slot.hw, rq);
});
