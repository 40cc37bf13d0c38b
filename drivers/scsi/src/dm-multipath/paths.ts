// SPDX-License-Identifier: GPL-2.0-only
import { kfn, pr_warn, queue_work, type Steps } from '@libmultipath/driver-kit';
import { locked } from './choose.js';
import type { multipath, pgpath } from './multipath.js';

/** Kernel: fail_path(), 6.12. Context: any. */
export const fail_path = kfn('fail_path', (path: pgpath): Steps<void> => {
  const { m } = path.pg;
  return locked('fail_path', m, () => {
    if (!path.is_active) return;
    pr_warn(`device-mapper: multipath: ${m.name}: Failing path ${path.disk.disk_name}.`);
    const { valid_paths } = path.pg;
    valid_paths.splice(valid_paths.indexOf(path), 1);
    path.is_active = false;
    path.fail_count++;
    m.nr_valid_paths--;
    if (m.current_pgpath === path) m.current_pgpath = null;
  });
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
  },
);

/** Kernel: queue_if_no_path(), of the messages `queue_if_no_path` and `fail_if_no_path`. Context: may sleep. */
export const queue_if_no_path = kfn('queue_if_no_path', function* (m: multipath, on: boolean): Steps<void> {
  yield* locked('queue_if_no_path', m, () => {
    m.queue_if_no_path = on;
  });
  if (!on) yield* process_queued_io_list(m);
});
