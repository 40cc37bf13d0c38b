// SPDX-License-Identifier: GPL-2.0-only
import {
  type bio,
  bio_alloc_clone,
  bio_endio,
  bio_put,
  blk_path_error,
  BLK_STS_OK,
  checkPointer,
  kfn,
  type LibV3,
  srcu_down_read,
  srcu_up_read,
  type SrcuSection,
  type Steps,
} from '@libmultipath/driver-kit';
import { virtio_blk } from '../environment/virtio-blk.js';
import { errors } from '../errors.js';
import { fail_over } from './failover.js';
import { path_of, to_head, type virtio_mpath_head, type virtio_mpath_path } from './paths-and-heads.js';

/** The path that a clone was sent to: the disk that it points at. */
const path_of_clone = ({ bi_bdev, label }: bio): virtio_mpath_path => {
  const vblk = bi_bdev?.bd_disk.private_data;
  if (vblk instanceof virtio_blk) return path_of(vblk);
  throw errors.fail('LMP-292', { message: `${label} ended on no virtio disk`, todo: 'report this' });
};

/** The result is the original's, unless another path may do better. */
function* finish(lib: LibV3, clone: bio, original: bio): Steps<void> {
  const { bi_status } = clone;
  if (bi_status !== BLK_STS_OK && blk_path_error(bi_status)) {
    const path = path_of_clone(clone);
    yield* bio_put(clone);
    yield* fail_over(lib, path, original);
    return;
  }
  yield* bio_put(clone);
  original.bi_status = bi_status;
  yield* bio_endio(original);
}

/** A clone has ended. Until here its path could not go. Context: a completion's. */
const virtio_mpath_clone_end_io = kfn(
  'virtio_mpath_clone_end_io',
  function* (lib: LibV3, clone: bio, original: bio, head: virtio_mpath_head, section: SrcuSection): Steps<void> {
    yield* finish(lib, clone, original);
    yield* srcu_up_read(head.clones, section);
  },
);

/** The head that a bio was submitted to. Pure. */
const head_of_bio = (lib: LibV3, { bi_bdev }: bio): virtio_mpath_head =>
  to_head(checkPointer(lib.mpath_gendisk_to_head(checkPointer(bi_bdev, 'bd_disk').bd_disk), 'srcu'));

/**
 * Callback `clone_bio`: what is sent down is a copy, so the original keeps pointing at the head and can
 * be sent again.
 *
 * The library leaves its own read section before the block layer takes the clone to the path's queue, so that
 * section does not keep the path alive so long. The one that begins here does: it ends with the clone, and the
 * removal of a path waits for it.
 * Context: inside the head's read section; the library sets the device of the clone.
 */
export const make_clone_bio = (lib: LibV3) =>
  kfn('virtio_mpath_clone_bio', function* (original: bio): Steps<bio> {
    const head = head_of_bio(lib, original);
    const clone = yield* bio_alloc_clone(original.bi_bdev, original);
    const section = yield* srcu_down_read(head.clones);
    clone.bi_end_io = (ended) => virtio_mpath_clone_end_io(lib, ended, original, head, section);
    return clone;
  });
