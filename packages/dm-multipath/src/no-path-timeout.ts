// SPDX-License-Identifier: GPL-2.0-only
import {
  currentMachine,
  HZ,
  jiffies,
  KObject,
  mod_timer,
  READ_ONCE,
  timer_delete_sync,
  WRITE_ONCE,
  type Steps,
} from '@libmultipath/kernel';
import type { multipath } from './multipath.js';

/** Parameters of the module dm_multipath. */
class dm_multipath_parameters extends KObject {
  /** Seconds that bios wait for a path before they fail after all; 0: for ever. */
  queue_if_no_path_timeout_secs = 0;
}

const GLOBAL = 'dm_multipath parameters';

const parameters = (): dm_multipath_parameters => {
  const { globals } = currentMachine();
  const known = globals.get(GLOBAL);
  if (known instanceof dm_multipath_parameters) return known;
  const made = new dm_multipath_parameters();
  globals.set(GLOBAL, made);
  return made;
};

/** Writes `/sys/module/dm_multipath/parameters/queue_if_no_path_timeout_secs`. It counts from the next arming on. */
export const set_queue_if_no_path_timeout_secs = (seconds: number): Steps<void> =>
  WRITE_ONCE(parameters(), 'queue_if_no_path_timeout_secs', seconds);

/** Do bios wait without a path from now on? Pure: for the inside of a critical section. */
export const has_no_path = (m: multipath): boolean => m.nr_valid_paths === 0 && m.queue_if_no_path;

/** Kernel: enable_nopath_timeout(), 6.12, where {@link has_no_path}. Context: `m->lock` held. */
export function* enable_nopath_timeout(m: multipath): Steps<void> {
  const seconds = yield* READ_ONCE(parameters(), 'queue_if_no_path_timeout_secs');
  if (seconds > 0) yield* mod_timer(m.nopath_timer, (yield* jiffies()) + seconds * HZ);
}

/** Kernel: disable_nopath_timeout(), 6.12. Context: may sleep. */
export function* disable_nopath_timeout(m: multipath): Steps<void> {
  yield* timer_delete_sync(m.nopath_timer);
}
