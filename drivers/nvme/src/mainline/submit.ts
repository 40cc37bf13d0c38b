// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_inc,
  bio_io_error,
  bio_list_add,
  BIO_REMAPPED,
  dev_warn_ratelimited,
  get_capacity,
  kfn,
  spin_lock_irq,
  spin_unlock_irq,
  srcu_read_lock,
  srcu_read_unlock,
  submit_bio_noacct,
  type bio,
  type Steps,
} from '@libmultipath/driver-kit';
import { bio_set_dev } from '../environment/bio-set-dev.js';
import { REQ_NVME_MPATH } from '../environment/constants.js';
import { head_of } from '../environment/nvme-ns.js';
import type { nvme_ns } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

const SECTOR_SIZE = 512;

/** Points the bio at the path and records that; the old device of the record is the head. Pure. */
const retarget = (ns: nvme_ns, what: bio): void => {
  const { subsys } = head_of(ns);
  bio_set_dev(what, ns.disk.part0);
  what.bi_flags |= 1 << BIO_REMAPPED;
  what.bi_opf |= REQ_NVME_MPATH;
  subsys.core.journal.remapped(what, ns, 'head');
};

/**
 * The bio’s end is checked again, against the path; a path without a size, as during its
 * removal, is not. Part of nvme_ns_head_submit_bio(), 6.1 (block core: bio_check_eod()).
 */
export function* send_to_path_6_1(ns: nvme_ns, what: bio): Steps<void> {
  retarget(ns, what);
  const sectors = what.bi_size / SECTOR_SIZE;
  const maxsector = yield* get_capacity(ns.disk);
  if (sectors > 0 && maxsector > 0 && (sectors > maxsector || what.bi_sector > maxsector - sectors)) {
    yield* bio_io_error(what);
    return;
  }
  yield* submit_bio_noacct(what);
}

/** Part of nvme_ns_head_submit_bio(), 6.12 (stable) to 7.3. */
export function* send_to_path_6_12(ns: nvme_ns, what: bio): Steps<void> {
  retarget(ns, what);
  yield* submit_bio_noacct(what);
}

/** No counters before 7.2. */
export function* count_nothing(): Steps<void> {}

/** 7.2 and 7.3: `diag/io_requeue_no_usable_path_count`. */
export const count_requeued_7_2 = (head: nvme_ns_head): Steps<void> => atomic_inc(head.io_requeue_no_usable_path_count);

/** 7.2 and 7.3: `diag/io_fail_no_available_path_count`. */
export const count_failed_7_2 = (head: nvme_ns_head): Steps<void> => atomic_inc(head.io_fail_no_available_path_count);

/**
 * Sends a bio to a path, or keeps it for a kick that somebody else has to give, or fails
 * it. The path gets the bio after this function has returned and its SRCU section is left:
 * nested submissions are only noted while a submit function runs.
 * Kernel: nvme_ns_head_submit_bio(), all versions. Context: may sleep, inside the head's queue.
 */
export const nvme_ns_head_submit_bio = kfn(
  'nvme_ns_head_submit_bio',
  function* (head: nvme_ns_head, what: bio): Steps<void> {
    const { disk, parts } = head;
    if (disk === null) return;
    const srcu_idx = yield* srcu_read_lock(head.srcu);
    const ns = yield* parts.find_path(head);
    if (ns !== null) {
      yield* parts.send_to_path(ns, what);
    } else if (yield* parts.available_path(head)) {
      dev_warn_ratelimited(disk, 'no usable path - requeuing I/O');
      yield* spin_lock_irq(head.requeue_lock);
      yield* bio_list_add(head.requeue_list, what);
      yield* spin_unlock_irq(head.requeue_lock);
      yield* parts.count_requeued(head);
    } else {
      dev_warn_ratelimited(disk, 'no available path - failing I/O');
      yield* bio_io_error(what);
      yield* parts.count_failed(head);
    }
    yield* srcu_read_unlock(head.srcu, srcu_idx);
  },
);
