// SPDX-License-Identifier: GPL-2.0-only
import {
  current,
  delayed_work,
  kblockd_mod_delayed_work_on,
  KObject,
  makeStep,
  msecs_to_jiffies,
  type request_queue,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_STATUS_CRD } from './constants.js';
import type { nvme_request } from './request.js';

/** CRDT1 to CRDT3 of Identify Controller are in units of this. */
const UNIT_MS = 100;
const CRD_SHIFT = 11;

/** How long the controller asks to be left alone, in ms; 0: it does not. Part of nvme_retry_req(), all versions. Pure. */
export const retry_delay_ms = ({ status, ns }: nvme_request): number => {
  const crd = (status & NVME_STATUS_CRD) >> CRD_SHIFT;
  return crd === 0 ? 0 : (ns.ctrl.slot.identity.crdt?.[crd - 1] ?? 0) * UNIT_MS;
};

/** `requeue_list` and `requeue_work` of a request queue. */
class requeue extends KObject {
  readonly requests: nvme_request[] = [];
  readonly work: delayed_work;

  constructor(queue: request_queue, dispatch: (rq: nvme_request) => Steps<void>) {
    super(queue);
    this.work = new delayed_work(this, () => blk_mq_requeue_work(this, dispatch), 'requeue_work');
  }
}

const requeues = new WeakMap<request_queue, requeue>();

/** Kernel: blk_mq_requeue_work(), all versions. Context: kblockd. */
function* blk_mq_requeue_work(list: requeue, dispatch: (rq: nvme_request) => Steps<void>): Steps<void> {
  yield makeStep('list_splice_init', list, 'requests', 'update', { ordering: 'full' });
  for (const rq of list.requests.splice(0)) yield* dispatch(rq);
}

/**
 * Keeps the request for the time. One clock for all of a queue: who comes later sets it anew.
 * Kernel: blk_mq_requeue_request(), blk_mq_delay_kick_requeue_list(), all versions. Context: atomic.
 */
export function* requeue_later(
  rq: nvme_request,
  delayMs: number,
  dispatch: (rq: nvme_request) => Steps<void>,
): Steps<void> {
  const { queue } = rq.ns.disk;
  const list = requeues.get(queue) ?? new requeue(queue, dispatch);
  requeues.set(queue, list);
  yield makeStep('blk_mq_requeue_request', list, 'requests', 'update', { ordering: 'full' });
  list.requests.push(rq);
  yield* kblockd_mod_delayed_work_on(current().cpu, list.work, msecs_to_jiffies(delayMs));
}
