// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, type Steps } from '@libmultipath/driver-kit';
import {
  SCSI_DH_DEV_TEMP_BUSY,
  SCSI_DH_IMM_RETRY,
  SCSI_DH_NOSYS,
  SCSI_DH_OK,
  SCSI_DH_RES_TEMP_UNAVAIL,
  SCSI_DH_RETRY,
} from '../environment/device-handler.js';
import { scsi_dh_activate } from '../environment/dh.js';
import { locked } from './choose.js';
import type { multipath, pgpath } from './multipath.js';
import { fail_path, process_queued_io_list } from './paths.js';

const isRetry = (error: number): boolean =>
  error === SCSI_DH_RETRY || error === SCSI_DH_IMM_RETRY || error === SCSI_DH_RES_TEMP_UNAVAIL;

/**
 * One activation is over; the last one lets the queued bios go. (A limit of retries, `pg_init_retries`, is not
 * modelled: none is set.)
 * Kernel: pg_init_done(), 6.12.
 */
function* pg_init_done(path: pgpath, error: number): Steps<void> {
  const { pg } = path;
  const { m } = pg;
  const isBusy = error === SCSI_DH_DEV_TEMP_BUSY;
  const fails = error !== SCSI_DH_OK && !isBusy && !isRetry(error);
  if (fails && !(error === SCSI_DH_NOSYS && m.hw_handler_name === null)) yield* fail_path(path);
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
  const name = `kmpath_handlerd ${path.pg.m.name} ${path.disk.disk_name} #${String(++path.activations)}`;
  currentMachine().spawn(
    name,
    function* () {
      yield* scsi_dh_activate(path.sdev, (error) => pg_init_done(path, error));
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
