// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_list_add,
  REQ_NOWAIT,
  REQ_POLLED,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  type bio_list,
  type gendisk,
  type spinlock_t,
  type Steps,
} from '@libmultipath/driver-kit';
import { bio_set_dev } from './bio-set-dev.js';
import type { nvme_request } from './request.js';

/** Where bios wait for a path, whoever keeps it. */
export interface RequeueList {
  readonly disk: gendisk | null;
  readonly requeue_lock: spinlock_t;
  readonly requeue_list: bio_list;
}

/**
 * The request's bio is pointed back at the head and waits there. Part of nvme_failover_req(), all versions.
 * @param cleared flags that the bio loses
 */
export function* steal_bio(
  head: RequeueList,
  rq: nvme_request,
  cleared: number = REQ_POLLED | REQ_NOWAIT,
): Steps<void> {
  yield* spin_lock_irqsave(head.requeue_lock);
  if (head.disk !== null) bio_set_dev(rq.bio, head.disk.part0);
  rq.bio.bi_opf &= ~cleared;
  yield* bio_list_add(head.requeue_list, rq.bio);
  yield* spin_unlock_irqrestore(head.requeue_lock);
}
