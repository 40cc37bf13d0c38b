// SPDX-License-Identifier: GPL-2.0-only
import { kfn, list_first_or_null_rcu, list_next_or_null_rcu, test_bit, type Steps } from '@libmultipath/driver-kit';
import { path_may_come } from '../environment/path-state.js';
import { NVME_NSHEAD_DISK_LIVE, NVME_NSHEAD_QUEUE_IF_NO_PATH } from './head-flags.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/** Part of a profile: may a path come to serve a bio for which there is none now? */
export type AvailablePath = (head: nvme_ns_head) => Steps<boolean>;

function* some_path_may_come(head: nvme_ns_head): Steps<boolean> {
  for (
    let ns = yield* list_first_or_null_rcu(head.list);
    ns !== null;
    ns = yield* list_next_or_null_rcu(head.list, ns.siblings)
  ) {
    if (yield* path_may_come(ns.ctrl)) return true;
  }
  return false;
}

/** Kernel: nvme_available_path(), 6.1: a head whose disk is gone is not told apart. Under `head->srcu`. */
export const available_path_6_1: AvailablePath = kfn('nvme_available_path', some_path_may_come);

/** A head whose disk is gone has none. Kernel: nvme_available_path(), 6.12. Context: any, under `head->srcu`. */
export const available_path_6_12: AvailablePath = kfn('nvme_available_path', function* (head: nvme_ns_head) {
  return (yield* test_bit(NVME_NSHEAD_DISK_LIVE, head, 'flags')) && (yield* some_path_may_come(head));
});

/**
 * First the disk, then the paths, then the flag of the delayed removal: so a head that is
 * being removed always fails its I/O.
 * Kernel: nvme_available_path(), 6.16 (62188639ec16) to 7.3. Context: any, under `head->srcu`.
 */
export const available_path_6_16: AvailablePath = kfn('nvme_available_path', function* (head: nvme_ns_head) {
  if (!(yield* test_bit(NVME_NSHEAD_DISK_LIVE, head, 'flags'))) return false;
  if (yield* some_path_may_come(head)) return true;
  return yield* nvme_mpath_queue_if_no_path(head);
});

/** Kernel: nvme_mpath_queue_if_no_path(), 7.2 and 7.3: is the head told to outlive its paths? */
export const nvme_mpath_queue_if_no_path = kfn('nvme_mpath_queue_if_no_path', (head: nvme_ns_head): Steps<boolean> =>
  test_bit(NVME_NSHEAD_QUEUE_IF_NO_PATH, head, 'flags'),
);
