// SPDX-License-Identifier: GPL-2.0-only
import { put_device } from '../device/device.js';
import { kfn } from '../kfn.js';
import { spin_lock, spin_unlock } from '../locks/spinlock.js';
import { load, store } from '../memory/access.js';
import { checkPointer } from '../memory/check.js';
import { module_put, try_module_get } from '../module/module.js';
import { kref_get_unless_zero, kref_put } from '../refcount/kref.js';
import type { Steps } from '../step.js';
import type { cdev } from './cdev.js';
import { theChrdevs } from './chrdevs.js';

/** Kernel: cdev_get(): the driver's module, then the cdev. @returns false when either is on its way out */
export const cdev_get = kfn('cdev_get', function* (p: cdev): Steps<boolean> {
  const owner = yield* load(p, 'owner');
  if (!(yield* try_module_get(owner))) return false;
  if (yield* kref_get_unless_zero(p.kref)) return true;
  yield* module_put(owner);
  return false;
});

/** Kernel: cdev_purge(): the nodes forget the cdev. */
function* purge(p: cdev): Steps<void> {
  const { cdev_lock } = theChrdevs();
  yield* spin_lock(cdev_lock);
  for (const node of p.inodes) yield* store(node, 'i_cdev', null);
  p.inodes.clear();
  yield* spin_unlock(cdev_lock);
}

/** Kernel: cdev_default_release(): the embedding memory is the driver's, so it stays; its device is put. */
const cdev_default_release = kfn('cdev_default_release', function* (p: cdev): Steps<void> {
  const parent = yield* load(p, 'parent');
  yield* purge(p);
  if (parent !== null) yield* put_device(parent);
});

/** Kernel: kobject_put(&cdev->kobj). */
export function* cdev_kobject_put(p: cdev): Steps<void> {
  yield* kref_put(p.kref, () => cdev_default_release(p));
}

/** Kernel: cdev_put(): nothing for NULL; touches the cdev's memory before it drops its reference. */
export const cdev_put = kfn('cdev_put', function* (pointer: cdev | null): Steps<void> {
  if (pointer === null) return;
  const p = checkPointer(pointer, 'owner');
  const owner = yield* load(p, 'owner');
  yield* cdev_kobject_put(p);
  yield* module_put(owner);
});
