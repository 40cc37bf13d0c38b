// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_inc,
  atomic_read,
  cleanup_srcu_struct,
  wait_var_event,
  wake_up_var,
  type bio,
  type Steps,
} from '@libmultipath/kernel';
import { access_state_field } from '../selection/access-state.js';
import { initialised_candidates } from '../selection/candidate.js';
import type { SelectionParts } from '../selection/parts.js';
import { mpath_read_iopolicy } from './iopolicy.js';
import { send } from './send.js';
import { mpath_device, mpath_head } from './structures.js';

/** What v3 is made of where a remedy may put something else in its place. */
export interface V3Parts {
  /** The structures, as a driver embeds them. */
  readonly structures: { readonly mpath_head: typeof mpath_head; readonly mpath_device: typeof mpath_device };
  readonly selection: SelectionParts<mpath_device, mpath_head>;
  /** Sends a bio down the chosen path. */
  readonly send: (head: mpath_head, dev: mpath_device, what: bio) => Steps<void>;
  readonly count_parked: (head: mpath_head) => Steps<void>;
  readonly count_failed: (head: mpath_head) => Steps<void>;
  /** The driver's module, as `mpath_head_init()` sets it. */
  readonly set_drv_module: (head: mpath_head) => Steps<void>;
  /** What the put does that reached zero in `mpath_put_head()`. */
  readonly last_put: (head: mpath_head) => Steps<void>;
  /** How `mpath_head_uninit()` waits for the last put, when it was not its own. */
  readonly wait_for_last_put: (head: mpath_head) => Steps<void>;
  /** What follows in `mpath_can_remove_head()` when the work that it armed was pending. */
  readonly armed_again: (head: mpath_head) => Steps<void>;
  /** What `mpath_remove_disk()` does between its grace period and the end of the disk. */
  readonly after_grace_period: (head: mpath_head) => Steps<void>;
}

function* nothing(): Steps<void> {}

/** The posted revision: 3 July 2026. */
export const v3Parts: V3Parts = {
  structures: { mpath_head, mpath_device },
  selection: {
    read_iopolicy: mpath_read_iopolicy,
    // Read again for each path: a store in between shows.
    iopolicy_in_scan: (head) => mpath_read_iopolicy(head),
    ...access_state_field,
    nr_active: (_head, dev) => atomic_read(dev.nr_active),
    ...initialised_candidates,
  },
  send,
  count_parked: (head) => atomic_inc(head.requeue_no_usable_path_cnt),
  count_failed: (head) => atomic_inc(head.fail_no_avail_path_cnt),
  set_drv_module: nothing,
  *last_put(head) {
    yield* cleanup_srcu_struct(head.srcu);
    yield* wake_up_var(head.refcount, 'refs');
  },
  wait_for_last_put: ({ refcount }) => wait_var_event(refcount, 'refs', () => refcount.refs === 0),
  armed_again: nothing,
  after_grace_period: nothing,
};
