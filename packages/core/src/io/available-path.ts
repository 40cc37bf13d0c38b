// SPDX-License-Identifier: GPL-2.0-only
import { kfn, list_first_or_null_rcu, list_next_or_null_rcu, test_bit, type Steps } from '@libmultipath/kernel';
import { MPATH_HEAD_DISK_LIVE, MPATH_HEAD_QUEUE_IF_NO_PATH } from '../constants.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

/**
 * May a bio wait for a path? Never once the disk is going.
 * Kernel: `mpath_available_path()`, patches 04 and 06 of v2 and v3, 04 and 07 of v1.
 * Context: inside the head's SRCU section.
 * @param may_come_back asks the driver about one path
 */
export const make_available_path = <D extends mpath_device_base, H extends mpath_head_base<D>>(
  may_come_back: (head: H, dev: D) => Steps<boolean>,
) =>
  kfn('mpath_available_path', function* (head: H): Steps<boolean> {
    if (!(yield* test_bit(MPATH_HEAD_DISK_LIVE, head as mpath_head_base<D>, 'flags'))) return false;
    let dev = yield* list_first_or_null_rcu<D>(head.dev_list);
    for (; dev !== null; dev = yield* list_next_or_null_rcu<D>(head.dev_list, dev.siblings)) {
      if (yield* may_come_back(head, dev)) return true;
    }
    return yield* test_bit(MPATH_HEAD_QUEUE_IF_NO_PATH, head as mpath_head_base<D>, 'flags');
  });
