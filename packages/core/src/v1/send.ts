// SPDX-License-Identifier: GPL-2.0-only
import { checkPointer, submit_bio_noacct, trace_block_bio_remap, type bio, type Steps } from '@libmultipath/kernel';
import { REQ_MPATH } from '../constants.js';
import { bio_set_dev } from '../io/bio-set-dev.js';
import { clone_from } from '../io/clone.js';
import { callbacks, disk_of } from '../structures/null-pointer.js';
import type { mpath_device, mpath_head } from './structures.js';

/**
 * Sends the bio down the chosen path. The mark is on the original, and only a driver that copies it
 * has it on its clone; whether there is a clone is not looked at.
 * Part of `mpath_bdev_submit_bio()`, v1 order: mark, clone, trace, set device, submit.
 */
export function* send(head: mpath_head, dev: mpath_device, original: bio): Steps<void> {
  const { clone_bio } = callbacks(head);
  // The bio is this submitter's alone: setting it up is no step.
  original.bi_opf |= REQ_MPATH;
  const clone = clone_bio === undefined ? original : yield* clone_from(clone_bio, original);
  const disk = yield* disk_of(dev);
  const outgoing = checkPointer(clone, 'bi_iter');
  trace_block_bio_remap(outgoing, disk);
  bio_set_dev(outgoing, disk);
  yield* submit_bio_noacct(outgoing);
}
