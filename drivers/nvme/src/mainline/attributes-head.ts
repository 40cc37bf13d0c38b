// SPDX-License-Identifier: GPL-2.0-only
import {
  clear_bit,
  kstrtouint,
  load,
  mutex_lock,
  mutex_unlock,
  set_bit,
  store,
  synchronize_srcu,
  type attribute,
} from '@libmultipath/driver-kit';
import { counter_attribute } from '../environment/attributes.js';
import { NVME_NSHEAD_QUEUE_IF_NO_PATH } from './head-flags.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/**
 * Seconds and flag change together, and no reader that saw the old flag is left when the
 * write returns. A removal that is pending keeps its time; nothing is kicked.
 * Kernel: delayed_removal_secs_show(), delayed_removal_secs_store(), 7.2 and 7.3.
 */
const delayed_removal_secs = (head: nvme_ns_head): attribute => ({
  mode: 0o644,
  *show() {
    yield* mutex_lock(head.subsys.lock);
    const secs = yield* load(head, 'delayed_removal_secs');
    yield* mutex_unlock(head.subsys.lock);
    return `${String(secs)}\n`;
  },
  *store(buf) {
    const sec = kstrtouint(buf);
    if (sec < 0) return sec;
    yield* mutex_lock(head.subsys.lock);
    yield* store(head, 'delayed_removal_secs', sec);
    yield* (sec > 0 ? set_bit : clear_bit)(NVME_NSHEAD_QUEUE_IF_NO_PATH, head, 'flags');
    yield* mutex_unlock(head.subsys.lock);
    yield* synchronize_srcu(head.srcu);
    return buf.length;
  },
});

/** Attributes that only a head's disk has, by name. */
export const head_attributes = { delayed_removal_secs };
export type HeadAttribute = keyof typeof head_attributes;

/** The head's counters, by name. */
export const head_diag = {
  io_requeue_no_usable_path_count: (head: nvme_ns_head) => counter_attribute(head.io_requeue_no_usable_path_count),
  io_fail_no_available_path_count: (head: nvme_ns_head) => counter_attribute(head.io_fail_no_available_path_count),
};
export type HeadDiag = keyof typeof head_diag;
