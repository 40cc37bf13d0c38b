// SPDX-License-Identifier: GPL-2.0-only
import { kfn, list_del_init, mutex_lock, mutex_unlock, type mpath_head, type Steps } from '@libmultipath/driver-kit';
import { trace_expired } from '../environment/journal.js';
import type { TemplateDriver } from './driver.js';
import { virtio_mpath_put_head } from './head-reference.js';
import { to_head, type virtio_mpath_head } from './paths-and-heads.js';

/** Nobody finds the head any more. Context: may sleep, no lock held. References: drops the disk's. */
function* remove_head(driver: TemplateDriver, head: virtio_mpath_head): Steps<void> {
  yield* driver.lib.mpath_remove_disk(head.mpath_head);
  yield* virtio_mpath_put_head(driver, head);
}

/**
 * After the last path: now, or when the time of the delayed removal is over. "Has it no path?" and "take it
 * off the list" are one decision, under the lock under which paths join. Context: may sleep, no lock held.
 */
export const virtio_mpath_remove_disk = kfn(
  'virtio_mpath_remove_disk',
  function* (driver: TemplateDriver, head: virtio_mpath_head): Steps<void> {
    const { lib, globals } = driver;
    yield* mutex_lock(globals.lock);
    const goes =
      (yield* lib.mpath_head_devices_empty(head.mpath_head)) && (yield* lib.mpath_can_remove_head(head.mpath_head));
    if (goes) yield* list_del_init(head.entry);
    yield* mutex_unlock(globals.lock);
    if (goes) yield* remove_head(driver, head);
  },
);

/** Callback `remove_head`: the time is over, but a path may have come at the last moment. Context: `mpath-wq`. */
export const make_remove_head = (driver: () => TemplateDriver) =>
  kfn('virtio_mpath_remove_head', function* (mpath_head: mpath_head): Steps<void> {
    const { lib, globals, core } = driver();
    const head = to_head(mpath_head);
    yield* trace_expired(core().journal);
    yield* mutex_lock(globals.lock);
    const goes = yield* lib.mpath_head_devices_empty(mpath_head);
    if (goes) yield* list_del_init(head.entry);
    yield* mutex_unlock(globals.lock);
    if (goes) yield* remove_head(driver(), head);
  });
