// SPDX-License-Identifier: GPL-2.0-only
import { kfn, test_bit, type mpath_device, type Steps } from '@libmultipath/driver-kit';
import { to_path, VIRTIO_PATH_FAILED, VIRTIO_PATH_READY, VIRTIO_PATH_REMOVING } from './paths-and-heads.js';

/*
 * The three questions of the library about a path. Context of each: any, inside a read section of
 * the head, so nothing here may sleep.
 */

/** Callback `is_disabled`: the path must not get I/O now. */
export const virtio_mpath_is_disabled = kfn('virtio_mpath_is_disabled', function* (dev: mpath_device): Steps<boolean> {
  const path = to_path(dev);
  if (!(yield* test_bit(VIRTIO_PATH_READY, path, 'flags'))) return true;
  return yield* test_bit(VIRTIO_PATH_FAILED, path, 'flags');
});

/** Callback `is_optimized`: virtio knows no better and worse paths, so all that are usable are optimized. */
export const virtio_mpath_is_optimized = kfn(
  'virtio_mpath_is_optimized',
  function* (dev: mpath_device): Steps<boolean> {
    return !(yield* virtio_mpath_is_disabled(dev));
  },
);

/**
 * Callback `available_path`: may I/O wait for this path? Only for one that is about to be ready: a path
 * that failed comes back when somebody says so, and one that leaves does not come back.
 */
export const virtio_mpath_available_path = kfn(
  'virtio_mpath_available_path',
  function* (dev: mpath_device): Steps<boolean> {
    const path = to_path(dev);
    if (yield* test_bit(VIRTIO_PATH_REMOVING, path, 'flags')) return false;
    return !(yield* test_bit(VIRTIO_PATH_FAILED, path, 'flags'));
  },
);
