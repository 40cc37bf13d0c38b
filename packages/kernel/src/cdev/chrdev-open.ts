// SPDX-License-Identifier: GPL-2.0-only
import { E } from '../errno/errno.js';
import { kfn, makeStep } from '../kfn.js';
import { mutex_lock, mutex_unlock } from '../locks/mutex.js';
import { spin_lock, spin_unlock } from '../locks/spinlock.js';
import { load, store } from '../memory/access.js';
import { kfree } from '../memory/alloc.js';
import { checkLive } from '../memory/check.js';
import { module_put, try_module_get } from '../module/module.js';
import type { Steps } from '../step.js';
import { cdev_get, cdev_put } from './cdev-reference.js';
import type { cdev } from './cdev.js';
import { theChrdevs } from './chrdevs.js';
import { file, FMODE_READ } from './file.js';
import type { inode } from './inode.js';

/** Kernel: kobj_lookup(): finds a cdev by its number and takes a reference, under `chrdevs_lock`. */
const kobj_lookup = kfn('kobj_lookup', function* (dev: number): Steps<cdev | null> {
  const all = theChrdevs();
  yield* mutex_lock(all.chrdevs_lock);
  const step = makeStep('kobj_lookup', all, 'cdev_map', 'read');
  yield step;
  checkLive(all);
  const found = all.cdev_map.get(dev)?.[0] ?? null;
  step.value = found;
  const got = found !== null && (yield* cdev_get(found));
  yield* mutex_unlock(all.chrdevs_lock);
  return got ? found : null;
});

/**
 * The cdev of a node, with a reference: the one that an earlier open found, even when it
 * was deleted since and lives on through an open file; else the one in the map.
 */
function* findCdev(node: inode): Steps<cdev | null> {
  const { cdev_lock } = theChrdevs();
  yield* spin_lock(cdev_lock);
  const known = yield* load(node, 'i_cdev');
  if (known !== null) {
    const got = yield* cdev_get(known);
    yield* spin_unlock(cdev_lock);
    return got ? known : null;
  }
  yield* spin_unlock(cdev_lock);
  const found = yield* kobj_lookup(node.i_rdev);
  return found === null ? null : yield* remember(node, found);
}

/** The first of several opens says what the node stands for; the others drop what they found. */
function* remember(node: inode, found: cdev): Steps<cdev | null> {
  const { cdev_lock } = theChrdevs();
  yield* spin_lock(cdev_lock);
  const first = yield* load(node, 'i_cdev');
  let result: cdev | null = found;
  if (first === null) {
    yield* store(node, 'i_cdev', found);
    found.inodes.add(node);
  } else result = (yield* cdev_get(first)) ? first : null;
  yield* spin_unlock(cdev_lock);
  if (first !== null) yield* cdev_put(found);
  return result;
}

/**
 * Kernel: chrdev_open(), fs/char_dev.c: the cdev, the module of its operations, then the
 * driver's open.
 * @returns 0; -ENXIO: no such device, or its module is going; or what `open` gave
 */
export const chrdev_open = kfn('chrdev_open', function* (node: inode, filp: file): Steps<number> {
  const p = yield* findCdev(node);
  if (p === null) return -E.ENXIO;
  const ops = yield* load(p, 'ops');
  if (ops === null || !(yield* try_module_get(ops.owner))) {
    yield* cdev_put(p);
    return -E.ENXIO;
  }
  filp.f_op = ops;
  const error = ops.open === undefined ? 0 : yield* ops.open(node, filp);
  if (error === 0) return 0;
  yield* cdev_put(p);
  yield* module_put(ops.owner);
  return error;
});

/**
 * open(2) of the node in /dev with this number. Kernel: do_filp_open(). Context: may sleep.
 * @param devt see MKDEV()
 * @returns the file; -ENOENT: no such node; or what chrdev_open() gave
 */
export const filp_open = kfn('filp_open', function* (devt: number, f_mode: number = FMODE_READ): Steps<file | number> {
  const all = theChrdevs();
  const step = makeStep('path_openat', all, 'nodes', 'read');
  yield step;
  checkLive(all);
  const node = all.nodes.get(devt);
  step.value = node;
  if (node === undefined) return -E.ENOENT;
  const filp = new file(node, f_mode);
  const error = yield* chrdev_open(node, filp);
  if (error === 0) return filp;
  yield* kfree(filp);
  return error;
});
