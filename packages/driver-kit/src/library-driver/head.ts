// SPDX-License-Identifier: GPL-2.0-only
import type { mpath_head } from '@libmultipath/core';
import {
  currentMachine,
  device_add,
  kfn,
  kfree,
  kref_get,
  kref_put,
  mutex_lock,
  mutex_unlock,
  NUMA_NO_NODE,
  set_capacity,
  type attribute_group,
  type Steps,
} from '@libmultipath/kernel';
import { library_head, type library_host } from './structures.js';

/*
 * The life of a head, which is much the same in every driver. The head has a reference for its disk,
 * dropped by who removes that, and one for each path.
 */

/** Attributes of the head's disk: delayed removal, and the directory that path links go into. */
const groups_of = ({ lib }: library_host, mpath_head: mpath_head): readonly attribute_group[] => [
  {
    attrs: {
      delayed_removal_secs: {
        mode: 0o644,
        show: () => lib.mpath_delayed_removal_secs_show(mpath_head),
        store: (buf) => lib.mpath_delayed_removal_secs_store(mpath_head, buf),
      },
    },
  },
  lib.mpath_attr_group,
];

const alloc_head = kfn('library_alloc_head', function* (host: library_host): Steps<library_head | number> {
  const { lib, dev } = host;
  const head = new library_head(host);
  const { mpath_head } = head;
  let error = yield* lib.mpath_head_init(mpath_head);
  if (error !== 0) {
    yield* kfree(head);
    return error;
  }
  if (!dev.kobj.state_in_sysfs) yield* device_add(dev);
  mpath_head.mpdt = host.mpdt;
  if (!host.forgetsModule) mpath_head.drv_module = host.this_module;
  mpath_head.parent = dev;
  mpath_head.iopolicy = host.iopolicy;
  mpath_head.disk_groups = groups_of(host, mpath_head);
  error = yield* lib.mpath_alloc_head_disk(mpath_head, NUMA_NO_NODE);
  if (error !== 0 || mpath_head.disk === null) {
    yield* lib.mpath_put_head(mpath_head);
    yield* kfree(head);
    return error;
  }
  mpath_head.disk.disk_name = `${host.driverName}${String(host.instance++)}`;
  yield* set_capacity(mpath_head.disk, host.media.sectors);
  host.heads.push(head);
  return head;
});

/**
 * The head that paths join now, made with the first of them. Context: may sleep, `host.lock` held.
 * References: one on the head, for the path.
 * @returns the head or -errno
 */
export const get_head = kfn('library_get_head', function* (host: library_host): Steps<mpath_head | number> {
  const head = host.head ?? (yield* alloc_head(host));
  if (typeof head === 'number') return head;
  host.head = head;
  yield* kref_get(head.ref);
  return head.mpath_head;
});

/** The library is done with it, and no opener is left. */
const free_head = kfn('library_free_head', function* (head: library_head): Steps<void> {
  const { heads } = head.host;
  heads.splice(heads.indexOf(head), 1);
  yield* kfree(head);
});

/** On v3 who ends it waits until the last opener has closed. Context: may sleep, without a bound. */
const end_head = kfn('library_end_head', function* (head: library_head): Steps<void> {
  const { mpath_head, host } = head;
  yield* host.lib.mpath_put_disk(mpath_head);
  yield* host.lib.mpath_head_uninit(mpath_head, () => free_head(head));
});

/** Drops a reference. Context: may sleep. */
export const put_head = kfn('library_put_head', function* (mpath_head: mpath_head): Steps<void> {
  const head = container_of_head(mpath_head);
  yield* kref_put(head.ref, () => end_head(head));
});

/**
 * Takes the head's disk out of the system if no path is left, now or when the library's time is over.
 * @param expired it is over: called by `remove_head`
 * Context: may sleep, no lock held. References: drops the disk's, where it removes it.
 */
export const remove_head_if_empty = kfn(
  'library_remove_head',
  function* (mpath_head: mpath_head, expired: boolean): Steps<void> {
    const head = container_of_head(mpath_head);
    const { host } = head;
    const { lib } = host;
    yield* mutex_lock(host.lock);
    // A path may have joined since the last one left.
    let removes = host.head === head && (yield* lib.mpath_head_devices_empty(mpath_head));
    if (removes && !expired) removes = yield* lib.mpath_can_remove_head(mpath_head);
    if (removes) host.head = null;
    yield* mutex_unlock(host.lock);
    if (!removes) return;
    yield* lib.mpath_remove_disk(mpath_head);
    yield* put_head(mpath_head);
  },
);

/** Kernel: container_of(mpath_head, …, mpath_head). */
const container_of_head = ({ container, label }: mpath_head): library_head => {
  if (container instanceof library_head) return container;
  return currentMachine().oops('driver-contract', `${label} is not embedded in a head of this driver`, undefined);
};
