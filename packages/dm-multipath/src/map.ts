// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_path_error,
  bio_alloc_clone,
  bio_endio,
  bio_list_add,
  bio_set_dev,
  BLK_STS_IOERR,
  BLK_STS_OK,
  kfn,
  kfree,
  KObject,
  queue_work,
  REQ_FAILFAST_TRANSPORT,
  submit_bio_noacct,
  type bio,
  type Steps,
} from '@libmultipath/kernel';
import { pg_init_all_paths } from './activate.js';
import { choose_pgpath } from './choose.js';
import { locked } from './locked.js';
import { begin_io, end_io, type mapped_device } from './mapped-device.js';
import type { multipath, pgpath } from './multipath.js';
import { fail_path } from './paths.js';

/** Kernel: struct dm_mpath_io, with what dm itself keeps of a clone: private to the clone. */
class dm_mpath_io extends KObject {
  pgpath: pgpath | null = null;

  constructor(
    readonly m: multipath,
    readonly original: bio,
  ) {
    super();
  }
}

/** Hands the result up. */
function* finish(clone: bio, io: dm_mpath_io): Steps<void> {
  io.original.bi_status = clone.bi_status;
  yield* kfree(clone);
  yield* end_io(io.m.md);
  yield* bio_endio(io.original);
}

/** Kernel: must_push_back_bio(): the table is about to go, and its bios are for the next one. Pure. */
const must_push_back = (m: multipath): boolean => m.queue_if_no_path !== m.saved_queue_if_no_path && m.md.suspended;

/** The original waits for the next table. Kernel: DM_MAPIO_REQUEUE and DM_ENDIO_REQUEUE. */
function* push_back(clone: bio, { m, original }: dm_mpath_io): Steps<void> {
  yield* kfree(clone);
  yield* bio_list_add(m.md.deferred, original);
  yield* end_io(m.md);
}

/**
 * The clone waits: for an activation that runs, for the worker, or without any path for whoever brings one or
 * ends the waiting. (The kernel's worker spins in the last case: it finds no path, and queues bio and itself
 * again.) Inside a critical section. @returns true when the worker is to be told
 */
const queue = (m: multipath, clone: bio): boolean => {
  m.queued_bios.push(clone);
  return !m.queue_io && (m.nr_valid_paths > 0 || !m.queue_if_no_path);
};

/** What becomes of a clone, decided in one critical section. */
type Fate = 'told' | 'waits' | 'pushed-back' | 'fails';

/** Kernel: the end of __map_bio() and of multipath_end_io_bio(), where no path took the clone. */
const decide = (m: multipath, clone: bio): Fate => {
  if (m.nr_valid_paths > 0 || m.queue_if_no_path) return queue(m, clone) ? 'told' : 'waits';
  return must_push_back(m) ? 'pushed-back' : 'fails';
};

/** Kernel: multipath_queue_bio(); DM_MAPIO_REQUEUE; DM_MAPIO_KILL, 6.12. */
function* without_path(op: string, clone: bio, io: dm_mpath_io): Steps<void> {
  const { m } = io;
  const fate = yield* locked(op, m, () => decide(m, clone));
  if (fate === 'told') yield* queue_work(m.kmultipathd, m.process_queued_bios);
  if (fate === 'pushed-back') yield* push_back(clone, io);
  if (fate !== 'fails') return;
  clone.bi_status = BLK_STS_IOERR;
  yield* finish(clone, io);
}

/** A path that is being activated takes nothing yet: the clone waits. @returns true when it does */
const waits_for_activation = (m: multipath, clone: bio): Steps<boolean> =>
  locked('queue_io', m, () => {
    if (!m.queue_io && !m.pg_init_required) return false;
    queue(m, clone);
    return true;
  });

/** Sends the clone to a path, lets it wait, or fails it. Kernel: __multipath_map_bio(), 6.12. */
const __multipath_map_bio = kfn('__multipath_map_bio', function* (clone: bio, io: dm_mpath_io): Steps<void> {
  const { m } = io;
  const path = yield* choose_pgpath(m);
  if (path === null) {
    yield* without_path('no_path', clone, io);
    return;
  }
  if (m.hw_handler_name !== null && (yield* waits_for_activation(m, clone))) {
    yield* pg_init_all_paths(m);
    return;
  }
  io.pgpath = path;
  clone.bi_status = BLK_STS_OK;
  clone.completed = false;
  bio_set_dev(clone, path.disk.part0);
  clone.bi_opf |= REQ_FAILFAST_TRANSPORT;
  yield* submit_bio_noacct(clone);
});

/** Kernel: multipath_end_io_bio(), 6.12. Context: atomic. */
const multipath_end_io_bio = kfn('multipath_end_io_bio', function* (clone: bio, io: dm_mpath_io): Steps<void> {
  if (clone.bi_status === BLK_STS_OK || !blk_path_error(clone.bi_status)) {
    yield* finish(clone, io);
    return;
  }
  if (io.pgpath !== null) yield* fail_path(io.pgpath);
  yield* without_path('end_io', clone, io);
});

/** What was queued is mapped again, in order. Kernel: process_queued_bios(), 6.12. */
export const process_queued_bios = kfn('process_queued_bios', function* (m: multipath): Steps<void> {
  const queued = yield* locked('process_queued_bios', m, () => m.queued_bios.splice(0));
  for (const clone of queued) {
    if (clone.bi_private instanceof dm_mpath_io) yield* __multipath_map_bio(clone, clone.bi_private);
  }
});

/** A bio on the multipath device. Kernel: dm_submit_bio() and multipath_map_bio(), 6.12. */
export const dm_submit_bio = kfn('dm_submit_bio', function* (md: mapped_device, original: bio): Steps<void> {
  if (!(yield* begin_io(md)) || md.m === null) {
    yield* bio_list_add(md.deferred, original);
    return;
  }
  const clone = yield* bio_alloc_clone(null, original);
  const io = new dm_mpath_io(md.m, original);
  clone.bi_private = io;
  clone.bi_end_io = (ended) => multipath_end_io_bio(ended, io);
  yield* __multipath_map_bio(clone, io);
});
