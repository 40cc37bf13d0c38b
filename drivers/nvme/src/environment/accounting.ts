// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_dec_if_positive,
  atomic_inc,
  bdev_end_io_acct,
  bdev_start_io_acct,
  kfn,
  type gendisk,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_MPATH_CNT_ACTIVE, NVME_MPATH_IO_STATS } from './constants.js';
import type { nvme_request } from './request.js';

/** Counts the request at its controller, once. Part of nvme_mpath_start_request(), since 6.11. */
export function* count_request(rq: nvme_request): Steps<void> {
  if ((rq.flags & NVME_MPATH_CNT_ACTIVE) !== 0) return;
  yield* atomic_inc(rq.ns.ctrl.nr_active);
  rq.flags |= NVME_MPATH_CNT_ACTIVE;
}

/**
 * The head's disk counts what is sent through it, passthrough excepted. (Nobody turns its statistics off here.)
 * Part of nvme_mpath_start_request(), since 6.4.
 */
export const account_start = (rq: nvme_request, head_disk: gendisk | null): void => {
  if (head_disk === null || rq.command !== null || (rq.flags & NVME_MPATH_IO_STATS) !== 0) return;
  rq.flags |= NVME_MPATH_IO_STATS;
  rq.start_time = bdev_start_io_acct(head_disk);
};

/** Part of nvme_mpath_end_request(), since 6.4. */
const account_end = (rq: nvme_request): void => {
  if ((rq.flags & NVME_MPATH_IO_STATS) === 0) return;
  const disk = rq.ns.ctrl.core.mpath.head_disk(rq.ns);
  if (disk !== null) bdev_end_io_acct(disk, rq.bio, rq.start_time);
};

/** Kernel: nvme_mpath_end_request(), 6.4 to 6.10. */
export const end_request_6_4 = kfn('nvme_mpath_end_request', function* (rq: nvme_request): Steps<void> {
  account_end(rq);
});

/** What was counted is counted down, whatever the policy is by now. Kernel: nvme_mpath_end_request(), since 6.11. */
export const nvme_mpath_end_request = kfn('nvme_mpath_end_request', function* (rq: nvme_request): Steps<void> {
  if ((rq.flags & NVME_MPATH_CNT_ACTIVE) !== 0) yield* atomic_dec_if_positive(rq.ns.ctrl.nr_active);
  account_end(rq);
});
