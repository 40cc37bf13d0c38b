// SPDX-License-Identifier: GPL-2.0-only
import { clear_bit, kfn, set_bit, synchronize_srcu, type Steps } from '@libmultipath/driver-kit';
import { trace_orphan } from '../environment/journal.js';
import type { virtio_blk } from '../environment/virtio-blk.js';
import type { TemplateDriver } from './driver.js';
import { virtio_mpath_put_head } from './head-reference.js';
import { virtio_mpath_remove_disk } from './head-removal.js';
import { head_of, path_of, VIRTIO_PATH_READY, VIRTIO_PATH_REMOVING } from './paths-and-heads.js';

/**
 * The protocol by which a path leaves: nobody may choose it; whoever has chosen it is waited for; it is no
 * longer remembered as the current one; it is off the list; whoever stood on it is waited for. None of these
 * is left to the library.
 * Context: may sleep, no lock held. @returns true when it was the last path
 */
export const virtio_mpath_remove_path = kfn(
  'virtio_mpath_remove_path',
  function* ({ lib, core }: TemplateDriver, vblk: virtio_blk): Steps<boolean> {
    const path = path_of(vblk);
    const { mpath_head, clones } = head_of(path);
    yield* set_bit(VIRTIO_PATH_REMOVING, path, 'flags');
    yield* clear_bit(VIRTIO_PATH_READY, path, 'flags');
    yield* lib.mpath_synchronize(mpath_head);
    if (yield* lib.mpath_clear_current_path(path.mpath_device)) yield* lib.mpath_synchronize(mpath_head);
    const last = yield* lib.mpath_delete_device(path.mpath_device);
    if (last) yield* trace_orphan(core().journal);
    yield* lib.mpath_synchronize(mpath_head);
    // Nobody chooses the path any more; clones that were sent to it may not have reached it yet.
    yield* synchronize_srcu(clones);
    yield* lib.mpath_remove_sysfs_link(path.mpath_device);
    return last;
  },
);

/**
 * The disk of the path has gone, and with it every request: now the head may go. What waits is tried again,
 * so that nothing waits for a path that left.
 * Context: may sleep, no lock held. References: drops the path's on the head.
 */
export const virtio_mpath_path_removed = kfn(
  'virtio_mpath_path_removed',
  function* (driver: TemplateDriver, vblk: virtio_blk, last: boolean): Steps<void> {
    const head = head_of(path_of(vblk));
    yield* driver.lib.mpath_schedule_requeue_work(head.mpath_head);
    if (last) yield* virtio_mpath_remove_disk(driver, head);
    yield* virtio_mpath_put_head(driver, head);
  },
);
