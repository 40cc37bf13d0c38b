// SPDX-License-Identifier: GPL-2.0-only
import { bio_io_error, BIO_REMAPPED, load, trace_block_bio_remap, type bio, type Steps } from '@libmultipath/kernel';
import { REQ_MPATH } from '../constants.js';
import { clone_from } from '../io/clone.js';
import { callbacks, nullPointer } from '../structures/null-pointer.js';
import type { V3Parts } from './parts.js';
import type { mpath_device, mpath_head } from './structures.js';

/**
 * Sends the bio down the chosen path.
 * Part of `mpath_bdev_submit_bio()`, v3 order: clone, set device, mark, trace, submit.
 */
export function* send(
  { submit_to_path }: Pick<V3Parts, 'submit_to_path'>,
  head: mpath_head,
  dev: mpath_device,
  original: bio,
): Steps<void> {
  const { clone_bio } = callbacks(head);
  const outgoing = clone_bio === undefined ? original : yield* clone_from(clone_bio, original);
  if (outgoing === null) {
    yield* bio_io_error(original);
    return;
  }
  const disk = (yield* load(dev, 'disk')) ?? nullPointer('mpath_device.disk', dev);
  // The bio is this submitter's alone: setting it up is no step.
  outgoing.bi_bdev = disk.part0;
  outgoing.bi_flags |= 1 << BIO_REMAPPED;
  outgoing.bi_opf |= REQ_MPATH;
  trace_block_bio_remap(outgoing, disk);
  yield* submit_to_path(outgoing);
}
