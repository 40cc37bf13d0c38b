// SPDX-License-Identifier: GPL-2.0-only
import { device_add, device_del, get_device, type device } from '../device/device.js';
import { kfn, makeStep } from '../kfn.js';
import { mutex_lock, mutex_unlock } from '../locks/mutex.js';
import { load, store } from '../memory/access.js';
import { checkLive } from '../memory/check.js';
import { kref_init } from '../refcount/kref.js';
import type { Steps } from '../step.js';
import { cdev_kobject_put } from './cdev-reference.js';
import type { cdev } from './cdev.js';
import { theChrdevs } from './chrdevs.js';
import type { file_operations } from './file.js';
import { inode } from './inode.js';

/**
 * Kernel: cdev_init(). Whatever references there were are forgotten: a second call while a
 * file is open is not noticed here.
 */
export const cdev_init = kfn('cdev_init', function* (p: cdev, fops: file_operations): Steps<void> {
  yield* store(p, 'owner', null);
  yield* store(p, 'parent', null);
  yield* kref_init(p.kref);
  yield* store(p, 'ops', fops);
});

/** Kernel: kobj_map(), kobj_unmap(): under `chrdevs_lock`. */
function* changeMap(op: string, change: () => void): Steps<void> {
  const all = theChrdevs();
  yield* mutex_lock(all.chrdevs_lock);
  yield makeStep(op, all, 'cdev_map', 'update');
  change();
  yield* mutex_unlock(all.chrdevs_lock);
}

/** Kernel: cdev_add(): can be opened from here on. A number that is taken hides the other. @returns 0 */
export const cdev_add = kfn('cdev_add', function* (p: cdev, dev: number): Steps<number> {
  yield* store(p, 'dev', dev);
  const { cdev_map } = theChrdevs();
  yield* changeMap('kobj_map', () => cdev_map.set(dev, [p, ...(cdev_map.get(dev) ?? [])]));
  const parent = yield* load(p, 'parent');
  if (parent !== null) yield* get_device(parent);
  return 0;
});

/** Kernel: cdev_del(): nobody finds it any more; files that are open stay, and keep it. */
export const cdev_del = kfn('cdev_del', function* (p: cdev): Steps<void> {
  const dev = yield* load(p, 'dev');
  const { cdev_map } = theChrdevs();
  yield* changeMap('kobj_unmap', () => {
    const rest = cdev_map.get(dev)?.slice(1) ?? [];
    if (rest.length === 0) cdev_map.delete(dev);
    else cdev_map.set(dev, rest);
  });
  yield* cdev_kobject_put(p);
});

/** Kernel: devtmpfs_create_node(), devtmpfs_delete_node(), of device_add() and device_del(). */
function* changeNode(op: string, change: (nodes: Map<number, inode>) => void): Steps<void> {
  const all = theChrdevs();
  yield makeStep(op, all, 'nodes', 'update');
  checkLive(all);
  change(all.nodes);
}

/**
 * The cdev, which keeps the device, then the device with its node. Without a number
 * (`devt`) only the device. Kernel: cdev_device_add(). @returns 0, or the error of device_add()
 */
export const cdev_device_add = kfn('cdev_device_add', function* (p: cdev, dev: device): Steps<number> {
  const { devt } = dev;
  if (devt !== 0) {
    yield* store(p, 'parent', dev);
    yield* cdev_add(p, devt);
  }
  const error = yield* device_add(dev);
  if (devt === 0) return error;
  if (error === 0) yield* changeNode('devtmpfs_create_node', (nodes) => nodes.set(devt, new inode(devt)));
  else yield* cdev_del(p);
  return error;
});

/** Kernel: cdev_device_del(): the device with its node, then the cdev. */
export const cdev_device_del = kfn('cdev_device_del', function* (p: cdev, dev: device): Steps<void> {
  const { devt } = dev;
  if (devt !== 0) yield* changeNode('devtmpfs_delete_node', (nodes) => nodes.delete(devt));
  yield* device_del(dev);
  if (devt !== 0) yield* cdev_del(p);
});
