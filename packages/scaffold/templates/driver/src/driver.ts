// SPDX-License-Identifier: GPL-2.0-only
import {
  defineLibraryDriver,
  get_head,
  kfn,
  library_path,
  load,
  MPATH_STATE_OPTIMIZED,
  mutex_lock,
  mutex_unlock,
  put_head,
  READ_ONCE,
  remove_head_if_empty,
  WRITE_ONCE,
  type library_host,
  type LibV3,
  type PathTemplate,
  type Steps,
} from '@libmultipath/driver-kit';

/** The hardware answers; it does not now, and may again; the path is on its way out. */
const [LIVE, BLOCKED, GONE] = [0, 1, 2];

/** One path: `struct mpath_device`, and what this driver keeps beside it. Its `access_state` begins as OPTIMIZED. */
export class acme_path extends library_path {
  state = LIVE;
}

/** What libmultipath asks of the driver. The doc comment of each callback says when it is called, and under what. */
const acme_mpdt = (_lib: LibV3): PathTemplate<acme_path> => ({
  *available_path(path) {
    return (yield* READ_ONCE(path, 'state')) !== GONE;
  },
  *is_disabled(path) {
    return (yield* READ_ONCE(path, 'state')) !== LIVE;
  },
  *is_optimized(path) {
    if ((yield* READ_ONCE(path, 'state')) !== LIVE) return false;
    return (yield* load(path, 'access_state')) === MPATH_STATE_OPTIMIZED;
  },
  *remove_head(mpath_head) {
    yield* remove_head_if_empty(mpath_head, true);
  },
});

/** A path was found: it joins its head, and I/O may be sent to it. */
const acme_probe = kfn('acme_probe', function* (host: library_host, path: acme_path): Steps<number> {
  yield* mutex_lock(host.lock);
  const head = yield* get_head(host);
  if (typeof head !== 'number') {
    yield* host.lib.mpath_add_device(path, head, path.own_disk, path.numa_node, path.in_flight);
  }
  yield* mutex_unlock(host.lock);
  if (typeof head === 'number') return head;
  yield* host.lib.mpath_device_set_live(path);
  return 0;
});

/** The removal protocol: disable, grace period, clear, grace period, unlink, grace period; then it may be freed. */
const acme_remove = kfn('acme_remove', function* ({ lib, lock }: library_host, path: acme_path): Steps<void> {
  const mpath_head = yield* load(path, 'mpath_head');
  if (mpath_head === null) return;
  yield* WRITE_ONCE(path, 'state', GONE);
  yield* lib.mpath_synchronize(mpath_head);
  if (yield* lib.mpath_clear_current_path(path)) yield* lib.mpath_synchronize(mpath_head);
  yield* mutex_lock(lock);
  yield* lib.mpath_delete_device(path);
  yield* mutex_unlock(lock);
  yield* lib.mpath_synchronize(mpath_head);
  yield* lib.mpath_remove_sysfs_link(path);
  yield* remove_head_if_empty(mpath_head, false);
  yield* put_head(mpath_head);
});

/** The hardware fails or recovers; what waits for a path is then tried again. */
const acme_set_usable = kfn(
  'acme_set_usable',
  function* ({ lib }: library_host, path: acme_path, usable: boolean): Steps<void> {
    yield* WRITE_ONCE(path, 'state', usable ? LIVE : BLOCKED);
    const mpath_head = yield* load(path, 'mpath_head');
    if (!usable || mpath_head === null) return;
    // Who saw it blocked has parked when the grace period is over, and is kicked with the others.
    yield* lib.mpath_synchronize(mpath_head);
    yield* lib.mpath_schedule_requeue_work(mpath_head);
  },
);

export const acmeDriver = defineLibraryDriver({
  name: 'acme',
  title: 'acme: say in one line what it drives',
  path: acme_path,
  revisions: { v3: acme_mpdt },
  probe: acme_probe,
  remove: acme_remove,
  set_usable: acme_set_usable,
  scenarios: new URL('../scenarios/', import.meta.url),
  findings: new URL('../findings/', import.meta.url),
});
