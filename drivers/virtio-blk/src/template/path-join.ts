// SPDX-License-Identifier: GPL-2.0-only
import { kfn, mutex_lock, mutex_unlock, set_bit, store, type Steps } from '@libmultipath/driver-kit';
import { trace_returned } from '../environment/journal.js';
import type { virtio_blk } from '../environment/virtio-blk.js';
import { virtio_mpath_alloc_head } from './alloc-head.js';
import type { TemplateDriver } from './driver.js';
import { find_head } from './find-head.js';
import { path_of, virtio_mpath_path, VIRTIO_PATH_READY } from './paths-and-heads.js';

/**
 * The disk joins the head of its serial, or makes it. mpath_add_device() calls off a removal that is pending,
 * so it is called with the lock held under which a head is taken off the list.
 * Context: may sleep, no lock held. @returns 0 or -errno
 */
export const virtio_mpath_init_path = kfn(
  'virtio_mpath_init_path',
  function* (driver: TemplateDriver, vblk: virtio_blk): Steps<number> {
    const { lib, globals } = driver;
    const path = new virtio_mpath_path(lib, vblk);
    vblk.path = path;
    const serial = vblk.vdev?.config.serial ?? '';
    yield* mutex_lock(globals.lock);
    const found = yield* find_head(globals, serial);
    const head = found ?? (yield* virtio_mpath_alloc_head(driver, vblk, serial));
    if (typeof head === 'number') {
      yield* mutex_unlock(globals.lock);
      return head;
    }
    yield* store(path, 'head', head);
    yield* lib.mpath_add_device(path.mpath_device, head.mpath_head, vblk.disk, vblk.disk.node_id, path.nr_active);
    yield* mutex_unlock(globals.lock);
    return 0;
  },
);

/**
 * The disk is there, so the path may be chosen. Ready first: mpath_device_set_live() waits for readers and
 * kicks what waits, and they must find it.
 * Context: may sleep, no lock held.
 */
export const virtio_mpath_set_live = kfn(
  'virtio_mpath_set_live',
  function* (driver: TemplateDriver, vblk: virtio_blk): Steps<void> {
    const path = path_of(vblk);
    yield* set_bit(VIRTIO_PATH_READY, path, 'flags');
    yield* trace_returned(driver.core().journal);
    yield* driver.lib.mpath_device_set_live(path.mpath_device);
  },
);
