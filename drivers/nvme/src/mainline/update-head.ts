// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_mq_freeze_queue,
  blk_mq_unfreeze_queue,
  get_capacity,
  set_capacity_and_notify,
  type Steps,
} from '@libmultipath/driver-kit';
import { nvme_mpath_revalidate_paths } from './current-path.js';
import { head_of, type nvme_ns } from './nvme-ns.js';

/**
 * The head takes the size of the path that was updated last, while nobody is inside its queue.
 * Second half of nvme_update_ns_info(), all versions. Context: may sleep.
 */
export function* update_ns_head(ns: nvme_ns): Steps<void> {
  const head = head_of(ns);
  const { disk } = head;
  if (disk === null) return;
  yield* blk_mq_freeze_queue(disk.queue);
  yield* set_capacity_and_notify(disk, yield* get_capacity(ns.disk));
  yield* nvme_mpath_revalidate_paths(head);
  yield* blk_mq_unfreeze_queue(disk.queue);
}
