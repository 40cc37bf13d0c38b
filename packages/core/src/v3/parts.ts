// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_inc,
  atomic_read,
  cleanup_srcu_struct,
  store,
  submit_bio_noacct,
  wait_var_event,
  wake_up_var,
  type bio,
  type module,
  type Steps,
} from '@libmultipath/kernel';
import type { mpath_access_state } from '../constants.js';
import { access_state_field } from '../selection/access-state.js';
import { initialised_candidates } from '../selection/candidate.js';
import type { SelectionParts } from '../selection/parts.js';
import { mpath_read_iopolicy } from './iopolicy.js';
import { mpath_device, mpath_head } from './structures.js';

/** How a driver frees the structure that a head is embedded in. */
export type ReleaseHead = () => Steps<void>;

/** What v3 is made of where a remedy may put something else in its place. */
export interface V3Parts {
  /** The structures, as a driver embeds them. */
  readonly structures: { readonly mpath_head: typeof mpath_head; readonly mpath_device: typeof mpath_device };
  readonly selection: SelectionParts<mpath_device, mpath_head>;
  /** How a driver stores the access state of a path. */
  readonly store_access_state: (dev: mpath_device, state: mpath_access_state) => Steps<void>;
  /** Submits a bio that was set up for the chosen path, inside the read section that chose it. */
  readonly submit_to_path: (what: bio) => Steps<void>;
  readonly count_parked: (head: mpath_head) => Steps<void>;
  readonly count_failed: (head: mpath_head) => Steps<void>;
  /** The driver's module, as `mpath_head_init()` sets it. */
  readonly set_drv_module: (head: mpath_head) => Steps<void>;
  /** What the put does that reached zero in `mpath_put_head()`. */
  readonly last_put: (head: mpath_head) => Steps<void>;
  /** What follows on that. */
  readonly after_last_put: (head: mpath_head) => Steps<void>;
  /**
   * `mpath_head_uninit()` leaves it to the last put to free the head.
   * @returns false: it waits for the last put, and its caller frees
   */
  readonly leaves_release: (head: mpath_head, release: ReleaseHead) => boolean;
  /** How `mpath_head_uninit()` waits for the last put, when it was not its own. */
  readonly wait_for_last_put: (head: mpath_head) => Steps<void>;
  /** What an open of disk or char device holds of the driver beside the head. @returns false: it cannot be opened */
  readonly pin_driver: (head: mpath_head) => Steps<boolean>;
  /** What the last close gives back, when the head may be gone. */
  readonly unpin_driver: (drv_module: module | null) => Steps<void>;
  /** What `mpath_clear_current_path()` tells of whether the caller has to wait for readers. */
  readonly readers_may_have_it: (cleared: boolean) => boolean;
  /** What `mpath_remove_disk()` and `mpath_alloc_head_disk()` leave on the head of whether its disk was removed. */
  readonly note_removal: (head: mpath_head, removed: boolean) => Steps<void>;
  /** Does `mpath_remove_head_work()` find that somebody has removed the disk? Then it leaves the head alone. */
  readonly was_removed: (head: mpath_head) => Steps<boolean>;
  /** What `mpath_put_disk()` does about a removal that may be pending or running. */
  readonly end_removal: (head: mpath_head) => Steps<void>;
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
  store_access_state: (dev, state) => store(dev, 'access_state', state),
  submit_to_path: submit_bio_noacct,
  count_parked: (head) => atomic_inc(head.requeue_no_usable_path_cnt),
  count_failed: (head) => atomic_inc(head.fail_no_avail_path_cnt),
  set_drv_module: nothing,
  *last_put(head) {
    yield* cleanup_srcu_struct(head.srcu);
    yield* wake_up_var(head.refcount, 'refs');
  },
  after_last_put: nothing,
  leaves_release: () => false,
  wait_for_last_put: ({ refcount }) => wait_var_event(refcount, 'refs', () => refcount.refs === 0),
  *pin_driver() {
    return true;
  },
  unpin_driver: nothing,
  readers_may_have_it: (cleared) => cleared,
  note_removal: nothing,
  *was_removed() {
    return false;
  },
  end_removal: nothing,
  armed_again: nothing,
  after_grace_period: nothing,
};
