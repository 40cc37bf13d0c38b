// SPDX-License-Identifier: GPL-2.0-only
import { REQ_FAILFAST_DEV, REQ_FAILFAST_DRIVER, REQ_FAILFAST_TRANSPORT } from '@libmultipath/driver-kit';
import { NVME_SC_AUTH_REQUIRED, NVME_SC_SUCCESS, NVME_SCT_SC_MASK, NVME_STATUS_DNR } from './constants.js';
import { nvme_is_path_error } from './error-status.js';
import type { nvme_request } from './request.js';

export type Disposition = 'COMPLETE' | 'RETRY' | 'FAILOVER' | 'AUTHENTICATE';

const NO_RETRY = REQ_FAILFAST_DEV | REQ_FAILFAST_TRANSPORT | REQ_FAILFAST_DRIVER;

/** Kernel: blk_noretry_request(). Pure: whoever has the request asks. */
export const blk_noretry_request = (rq: nvme_request): boolean => (rq.bio.bi_opf & NO_RETRY) !== 0;

const mayNotRetry = (rq: nvme_request): boolean =>
  blk_noretry_request(rq) || (rq.status & NVME_STATUS_DNR) !== 0 || rq.retries >= rq.ns.ctrl.core.max_retries;

const wantsAuthentication = ({ status }: nvme_request): boolean =>
  (status & NVME_SCT_SC_MASK) === NVME_SC_AUTH_REQUIRED;

/** A head's request leaves a path that fails or dies; another's is tried again, or ends with its queue. */
const leaveOrRetry = (rq: nvme_request): Disposition => {
  const { dying } = rq.ns.disk.queue;
  if (rq.isMpath) return nvme_is_path_error(rq.status) || dying ? 'FAILOVER' : 'RETRY';
  return dying ? 'COMPLETE' : 'RETRY';
};

/** Part of a kernel: what becomes of a request that the device has ended. Pure: the request is its owner's. */
export type DecideDisposition = (rq: nvme_request) => Disposition;

/** Authentication is asked for whatever else the request says. Kernel: nvme_decide_disposition(), 6.1. */
export const decide_disposition_6_1: DecideDisposition = (rq) => {
  if (rq.status === NVME_SC_SUCCESS) return 'COMPLETE';
  if (wantsAuthentication(rq)) return 'AUTHENTICATE';
  return mayNotRetry(rq) ? 'COMPLETE' : leaveOrRetry(rq);
};

/** Kernel: nvme_decide_disposition(), 6.12 to 7.3. */
export const decide_disposition_6_12: DecideDisposition = (rq) => {
  if (rq.status === NVME_SC_SUCCESS || mayNotRetry(rq)) return 'COMPLETE';
  return wantsAuthentication(rq) ? 'AUTHENTICATE' : leaveOrRetry(rq);
};
