// SPDX-License-Identifier: GPL-2.0-only
import { clear_bit, kfn, set_bit, type LibV3, type Steps } from '@libmultipath/driver-kit';
import { head_of, VIRTIO_PATH_FAILED, type virtio_mpath_path } from './paths-and-heads.js';

/**
 * A path is put back, or taken out of use. Back: first the path, then the wait for submitters that still
 * saw it failed and were about to park, then the kick, or their bios would wait for ever.
 * Context: may sleep, no lock held.
 */
export const set_usable = kfn(
  'virtio_mpath_set_usable',
  function* (lib: LibV3, path: virtio_mpath_path, usable: boolean): Steps<void> {
    const { mpath_head } = head_of(path);
    if (usable) yield* clear_bit(VIRTIO_PATH_FAILED, path, 'flags');
    else yield* set_bit(VIRTIO_PATH_FAILED, path, 'flags');
    if (!usable) yield* lib.mpath_clear_current_path(path.mpath_device);
    yield* lib.mpath_synchronize(mpath_head);
    yield* lib.mpath_schedule_requeue_work(mpath_head);
  },
);
