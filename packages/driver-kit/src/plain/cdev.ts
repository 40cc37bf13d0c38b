// SPDX-License-Identifier: GPL-2.0-only
import {
  cdev_device_add,
  cdev_device_del,
  cdev_init,
  E,
  kfn,
  MKDEV,
  put_device,
  refused,
  kref_get,
  type cdev,
  type device,
  type file_operations,
  type Steps,
} from '@libmultipath/kernel';
import { plain_put_head } from './head.js';
import type { plain_head } from './structures.js';

const MAJOR = 240;

/**
 * Callback `add_cdev`: the library's file operations on the library's char device. That is embedded in the
 * head, so its device holds one reference until whoever has the node open is through with it.
 * @returns 0, or -ENOMEM
 */
export const plain_add_cdev = kfn(
  'plain_add_cdev',
  function* (
    own: plain_head,
    head: { readonly cdev: cdev; readonly cdev_device: device },
    fops: file_operations,
  ): Steps<number> {
    if (yield* refused('cdev_device_add', 'cdev', { mayFail: 'declared' })) return -E.ENOMEM;
    const { cdev, cdev_device } = head;
    const { core } = own;
    const minor = core.minors++;
    cdev_device.devt = MKDEV(MAJOR, minor);
    cdev_device.name = `plainc${String(minor)}`;
    cdev_device.parent = core.parent;
    yield* kref_get(own.ref);
    cdev_device.release = () => plain_put_head(own);
    yield* cdev_init(cdev, fops);
    return yield* cdev_device_add(cdev, cdev_device);
  },
);

/** Callback `del_cdev`. */
export const plain_del_cdev = kfn(
  'plain_del_cdev',
  function* ({ cdev, cdev_device }: { readonly cdev: cdev; readonly cdev_device: device }): Steps<void> {
    yield* cdev_device_del(cdev, cdev_device);
    yield* put_device(cdev_device);
  },
);
