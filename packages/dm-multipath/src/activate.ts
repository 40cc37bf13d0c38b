// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, type Steps } from '@libmultipath/kernel';
import type { Activation } from './activation.js';
import { locked } from './locked.js';
import type { multipath, pgpath } from './multipath.js';
import { fail_path, process_queued_io_list } from './paths.js';

/**
 * One activation is over; the last one lets the queued bios go. (A limit of retries, `pg_init_retries`, is not
 * modelled: none is set.)
 * Kernel: pg_init_done(), 6.12.
 */
function* pg_init_done(path: pgpath, how: Activation): Steps<void> {
  const { pg } = path;
  const { m } = pg;
  const isBusy = how === 'busy';
  const fails = how === 'failed' || how === 'nosys';
  if (fails && !(how === 'nosys' && m.hw_handler_name === null)) yield* fail_path(path);
  const last = yield* locked('pg_init_done', m, () => {
    if (isBusy) pg.bypassed = true;
    else if (!fails && !m.pg_init_required) pg.bypassed = false;
    if ((fails || isBusy) && m.current_pgpath === path) {
      m.current_pgpath = null;
      m.current_pg = null;
    }
    m.pg_init_in_progress--;
    if (m.pg_init_in_progress > 0) return false;
    m.queue_io = false;
    return true;
  });
  if (last) yield* process_queued_io_list(m);
}

/** Queues activate_path_work() on kmpath_handlerd: a task of its own, which ends with the callback. */
export const activate_path = (path: pgpath): void => {
  const { activate, disk, pg } = path;
  const { name: device, nr } = pg.m;
  const name = `kmpath_handlerd ${device}/${String(nr)} ${disk.disk_name} #${String(++path.activations)}`;
  currentMachine().spawn(
    name,
    function* () {
      if (activate === null) yield* pg_init_done(path, 'nosys');
      else yield* activate((how) => pg_init_done(path, how));
    },
    { kind: 'kworker' },
  );
};

/** Every active path of the current group is activated, once. Kernel: pg_init_all_paths(), 6.12. */
export const pg_init_all_paths = (m: multipath): Steps<void> =>
  locked('pg_init_all_paths', m, () => {
    if (m.pg_init_in_progress > 0) return;
    m.pg_init_required = false;
    for (const path of m.current_pg?.pgpaths ?? []) {
      if (!path.is_active) continue;
      m.pg_init_in_progress++;
      activate_path(path);
    }
  });
