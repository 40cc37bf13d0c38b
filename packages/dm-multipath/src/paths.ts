// SPDX-License-Identifier: GPL-2.0-only
import { kfn, pr_warn, queue_work, type Steps } from '@libmultipath/kernel';
import { locked, lockedThen } from './locked.js';
import type { multipath, pgpath } from './multipath.js';
import { disable_nopath_timeout, enable_nopath_timeout, has_no_path } from './no-path-timeout.js';

const fail = (path: pgpath): void => {
  const { m, valid_paths } = path.pg;
  pr_warn(`device-mapper: multipath: ${m.name}: Failing path ${path.disk.disk_name}.`);
  valid_paths.splice(valid_paths.indexOf(path), 1);
  path.is_active = false;
  path.fail_count++;
  m.nr_valid_paths--;
  if (m.current_pgpath === path) m.current_pgpath = null;
};

/** With the last path the time begins that bios wait. Kernel: fail_path(), 6.12. Context: any. */
export const fail_path = kfn('fail_path', (path: pgpath): Steps<void> => {
  const { m } = path.pg;
  const lose = (): boolean => {
    if (!path.is_active) return false;
    fail(path);
    return has_no_path(m);
  };
  return lockedThen('fail_path', m, lose, () => enable_nopath_timeout(m));
});

/** What waits is looked at again. Kernel: process_queued_io_list(), bio based. */
export function* process_queued_io_list(m: multipath): Steps<void> {
  yield* queue_work(m.kmultipathd, m.process_queued_bios);
}

/**
 * The path may be chosen again; the first one to come wakes what waits, a further one of the current group is
 * activated.
 * Kernel: reinstate_path(), 6.12. Context: may sleep.
 * @param activate starts an activation of the path
 */
export const reinstate_path = kfn(
  'reinstate_path',
  function* (path: pgpath, activate: (path: pgpath) => void): Steps<void> {
    const { m } = path.pg;
    const wakes = yield* locked('reinstate_path', m, () => {
      if (path.is_active) return false;
      pr_warn(`device-mapper: multipath: ${m.name}: Reinstating path ${path.disk.disk_name}.`);
      path.pg.valid_paths.push(path);
      path.is_active = true;
      m.nr_valid_paths++;
      if (m.nr_valid_paths === 1) {
        m.current_pgpath = null;
        return true;
      }
      if (m.hw_handler_name !== null && m.current_pg === path.pg) {
        m.pg_init_in_progress++;
        activate(path);
      }
      return false;
    });
    if (wakes) yield* process_queued_io_list(m);
    if (path.is_active) yield* disable_nopath_timeout(m);
  },
);

/**
 * Kernel: queue_if_no_path(): of the messages `queue_if_no_path` and `fail_if_no_path`, of the timer and of a
 * suspend, which keeps the setting for later. Context: any.
 */
export const queue_if_no_path = kfn(
  'queue_if_no_path',
  function* (m: multipath, on: boolean, save: boolean): Steps<void> {
    yield* locked('queue_if_no_path', m, () => {
      m.saved_queue_if_no_path = save ? m.queue_if_no_path : on;
      m.queue_if_no_path = on;
    });
    if (!on) yield* process_queued_io_list(m);
  },
);

/** The message `queue_if_no_path`: with no path left, the time runs from now. */
export function* queue_from_now_on(m: multipath): Steps<void> {
  yield* queue_if_no_path(m, true, false);
  yield* lockedThen(
    'enable_nopath_timeout',
    m,
    () => has_no_path(m),
    () => enable_nopath_timeout(m),
  );
}

/** Kernel: queue_if_no_path_timeout_work(): the timer's function, 6.12. Context: atomic. */
export const queue_if_no_path_timeout_work = kfn(
  'queue_if_no_path_timeout_work',
  function* (m: multipath): Steps<void> {
    if (m.timed_out !== null) yield* m.timed_out();
    pr_warn(`device-mapper: multipath: queue_if_no_path timeout on ${m.name}, failing queued IO`);
    yield* queue_if_no_path(m, false, false);
  },
);
