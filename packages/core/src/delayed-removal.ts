// SPDX-License-Identifier: GPL-2.0-only
import {
  clear_bit,
  currentMachine,
  HZ,
  kfn,
  kstrtouint,
  load,
  mod_delayed_work,
  module_put,
  mutex_lock,
  mutex_unlock,
  set_bit,
  store,
  synchronize_srcu,
  test_bit,
  try_module_get,
  type Steps,
} from '@libmultipath/kernel';
import { callbacks } from './callbacks.js';
import { MPATH_HEAD_QUEUE_IF_NO_PATH } from './constants.js';
import type { mpath_head } from './structures.js';
import { mpath_wq } from './workqueue.js';

/** Kernel: `mpath_head_queue_if_no_path()`, v3 patch 06. No lock. */
export const mpath_head_queue_if_no_path = kfn(
  'mpath_head_queue_if_no_path',
  function* (head: mpath_head): Steps<boolean> {
    return yield* test_bit(MPATH_HEAD_QUEUE_IF_NO_PATH, head, 'flags');
  },
);

/**
 * May the head go now? If removal is delayed and the driver's module can be pinned,
 * (re)arms `remove_work` and says no. Does not look whether paths exist.
 *
 * Kernel: `mpath_can_remove_head()`, v3 patch 06. Context: may sleep.
 * References: one on `drv_module` each time it arms, dropped by the work or by `mpath_add_device()`.
 */
export const mpath_can_remove_head = kfn('mpath_can_remove_head', function* (head: mpath_head): Steps<boolean> {
  let remove = true;
  yield* mutex_lock(head.lock);
  if ((yield* mpath_head_queue_if_no_path(head)) && (yield* try_module_get(head.drv_module))) {
    // The product is formed in unsigned int, so a large delay wraps.
    const delay = Math.imul(yield* load(head, 'delayed_removal_secs'), HZ) >>> 0;
    yield* mod_delayed_work(mpath_wq(), head.remove_work, delay);
    remove = false;
  }
  yield* mutex_unlock(head.lock);
  return remove;
});

/**
 * The head may be gone when the callback returns, so the module was remembered before.
 * Kernel: `mpath_remove_head_work()`, v3 patch 06. Context: `mpath-wq`.
 */
export const mpath_remove_head_work = kfn('mpath_remove_head_work', function* (head: mpath_head): Steps<void> {
  const drv_module = yield* load(head, 'drv_module');
  const { remove_head } = callbacks(head);
  if (remove_head === undefined) {
    return currentMachine().oops(
      'null-dereference',
      'BUG: kernel NULL pointer dereference: mpath_head_template.remove_head',
      head,
    );
  }
  yield* remove_head(head);
  yield* module_put(drv_module);
});

/** Kernel: `mpath_delayed_removal_secs_show()`, v3 patch 06. */
export const mpath_delayed_removal_secs_show = kfn(
  'mpath_delayed_removal_secs_show',
  function* (head: mpath_head): Steps<string> {
    yield* mutex_lock(head.lock);
    const secs = yield* load(head, 'delayed_removal_secs');
    yield* mutex_unlock(head.lock);
    return `${String(secs)}\n`;
  },
);

/**
 * Kernel: `mpath_delayed_removal_secs_store()`, v3 patch 06. No kick, and a pending
 * removal keeps its deadline. Returns the length, or -EINVAL, -ERANGE.
 */
export const mpath_delayed_removal_secs_store = kfn(
  'mpath_delayed_removal_secs_store',
  function* (head: mpath_head, buf: string): Steps<number> {
    const secs = kstrtouint(buf);
    if (secs < 0) return secs;

    yield* mutex_lock(head.lock);
    yield* store(head, 'delayed_removal_secs', secs);
    if (secs !== 0) yield* set_bit(MPATH_HEAD_QUEUE_IF_NO_PATH, head, 'flags');
    else yield* clear_bit(MPATH_HEAD_QUEUE_IF_NO_PATH, head, 'flags');
    yield* mutex_unlock(head.lock);

    yield* synchronize_srcu(head.srcu);
    return buf.length;
  },
);
