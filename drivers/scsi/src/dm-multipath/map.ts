// SPDX-License-Identifier: GPL-2.0-only
import {
  bio_alloc_clone,
  bio_endio,
  bio_list_add,
  bio_list_get,
  bio_set_dev,
  BLK_STS_IOERR,
  BLK_STS_OK,
  kfn,
  kfree,
  queue_work,
  REQ_FAILFAST_TRANSPORT,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  submit_bio_noacct,
  type bio,
  type Steps,
} from '@libmultipath/driver-kit';
import { blk_path_error } from '../environment/blk-path-error.js';
import { pg_init_all_paths } from './activate.js';
import { choose_pgpath, locked, touch } from './choose.js';
import type { multipath, pgpath } from './multipath.js';
import { fail_path } from './paths.js';

/** A clone on its way, with the path it was last sent to. */
interface InFlight {
  readonly m: multipath;
  readonly original: bio;
  path: pgpath | null;
}

const inFlight = new WeakMap<bio, InFlight>();

/** Hands the result up. */
function* finish(clone: bio, io: InFlight): Steps<void> {
  io.original.bi_status = clone.bi_status;
  yield* kfree(clone);
  yield* bio_endio(io.original);
}

/**
 * The bio waits: for an activation that runs, for the worker, or without any path for whoever brings one or
 * ends the waiting. (The kernel's worker spins in the last case: it finds no path, and queues bio and itself
 * again.)
 * Kernel: multipath_queue_bio(), 6.12.
 */
function* queue_bio(m: multipath, clone: bio): Steps<void> {
  yield* spin_lock_irqsave(m.lock);
  yield* bio_list_add(m.queued_bios, clone);
  yield* touch('queue_bio', m);
  const tell = !m.queue_io && (m.nr_valid_paths > 0 || !m.queue_if_no_path);
  yield* spin_unlock_irqrestore(m.lock);
  if (tell) yield* queue_work(m.kmultipathd, m.process_queued_bios);
}

/** Sends the clone to a path, lets it wait, or fails it. Kernel: __multipath_map_bio(), 6.12. */
const __multipath_map_bio = kfn('__multipath_map_bio', function* (clone: bio, io: InFlight): Steps<void> {
  const { m } = io;
  const path = yield* choose_pgpath(m);
  if (path === null) {
    if (yield* locked('no_path', m, () => m.queue_if_no_path)) {
      yield* queue_bio(m, clone);
      return;
    }
    clone.bi_status = BLK_STS_IOERR;
    yield* finish(clone, io);
    return;
  }
  if (yield* locked('queue_io', m, () => m.queue_io || m.pg_init_required)) {
    yield* queue_bio(m, clone);
    yield* pg_init_all_paths(m);
    return;
  }
  io.path = path;
  clone.bi_status = BLK_STS_OK;
  clone.completed = false;
  bio_set_dev(clone, path.disk.part0);
  clone.bi_opf |= REQ_FAILFAST_TRANSPORT;
  yield* submit_bio_noacct(clone);
});

/** Kernel: multipath_end_io_bio(), 6.12. Context: atomic. */
const multipath_end_io_bio = kfn('multipath_end_io_bio', function* (clone: bio, io: InFlight): Steps<void> {
  const { m, path } = io;
  if (clone.bi_status === BLK_STS_OK || !blk_path_error(clone.bi_status)) {
    yield* finish(clone, io);
    return;
  }
  if (path !== null) yield* fail_path(path);
  if (yield* locked('end_io', m, () => m.nr_valid_paths === 0 && !m.queue_if_no_path)) {
    clone.bi_status = BLK_STS_IOERR;
    yield* finish(clone, io);
    return;
  }
  yield* queue_bio(m, clone);
});

/** What was queued is mapped again, in order. Kernel: process_queued_bios(), 6.12. */
export const process_queued_bios = kfn('process_queued_bios', function* (m: multipath): Steps<void> {
  yield* spin_lock_irqsave(m.lock);
  let next = yield* bio_list_get(m.queued_bios);
  yield* spin_unlock_irqrestore(m.lock);
  while (next !== null) {
    const clone = next;
    next = clone.bi_next;
    clone.bi_next = null;
    const io = inFlight.get(clone);
    if (io !== undefined) yield* __multipath_map_bio(clone, io);
  }
});

/** A bio on the multipath device. Kernel: dm's clone and multipath_map_bio(), 6.12. */
export const multipath_map_bio = kfn('multipath_map_bio', function* (m: multipath, original: bio): Steps<void> {
  const clone = yield* bio_alloc_clone(null, original);
  const io: InFlight = { m, original, path: null };
  inFlight.set(clone, io);
  clone.bi_end_io = (ended) => multipath_end_io_bio(ended, io);
  yield* __multipath_map_bio(clone, io);
});
