// SPDX-License-Identifier: GPL-2.0-only
import { bio_io_error, submit_bio_noacct, trace_block_bio_remap, type bio, type Steps } from '@libmultipath/kernel';
import { REQ_MPATH } from '../constants.js';
import { bio_set_dev } from '../io/bio-set-dev.js';
import { clone_from } from '../io/clone.js';
import { callbacks, disk_of } from '../structures/null-pointer.js';
import type { mpath_device, mpath_head } from './structures.js';

/**
 * Sends the bio down the chosen path, where its end is checked again.
 * Part of `mpath_bdev_submit_bio()`, v2 order: clone, trace, set device, mark, submit.
 */
export function* send(head: mpath_head, dev: mpath_device, original: bio): Steps<void> {
  const { clone_bio } = callbacks(head);
  const outgoing = clone_bio === undefined ? original : yield* clone_from(clone_bio, original);
  if (outgoing === null) {
    yield* bio_io_error(original);
    return;
  }
  const disk = yield* disk_of(dev);
  trace_block_bio_remap(outgoing, disk);
  // The bio is this submitter's alone: setting it up is no step.
  bio_set_dev(outgoing, disk);
  outgoing.bi_opf |= REQ_MPATH;
  yield* submit_bio_noacct(outgoing);
}
