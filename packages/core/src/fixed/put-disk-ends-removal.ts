// SPDX-License-Identifier: GPL-2.0-only
import {
  cancel_delayed_work,
  cancel_delayed_work_sync,
  current_work,
  module_put,
  type Steps,
} from '@libmultipath/kernel';
import type { mpath_head } from '../v3/structures.js';
import type { Remedy } from './remedy.js';

/** What runs is waited for, unless it is the caller; what is armed will not run, and its reference goes back. */
function* end_removal({ remove_work, drv_module }: mpath_head): Steps<void> {
  const own = current_work() === remove_work;
  const pending = yield* own ? cancel_delayed_work(remove_work) : cancel_delayed_work_sync(remove_work);
  if (pending) yield* module_put(drv_module);
}

/** A removal that was armed again while it ran does not outlive the head. */
export const put_disk_ends_removal: Remedy = {
  name: 'put-disk-ends-removal',
  removes: ['UAF-220729'],
  inC: '`mpath_put_disk()` calls `cancel_delayed_work_sync(&head->remove_work)`, or, when `current_work()` is that work, `cancel_delayed_work()`, and `module_put(drv_module)` if it was pending.',
  apply: (parts) => ({ ...parts, end_removal }),
};
