// SPDX-License-Identifier: GPL-2.0-only
import { device_add, device_del, get_device, put_device, type device, type Steps } from '@libmultipath/driver-kit';

/*
 * The list of a class holds a reference on each of its devices (klist_class_dev_get()). It is what keeps
 * a disk whose paths are all gone, while its removal is delayed.
 */

/** Kernel: device_add() of a device with a class. @returns 0 or -errno */
export function* class_device_add(dev: device): Steps<number> {
  const error = yield* device_add(dev);
  if (error === 0) yield* get_device(dev);
  return error;
}

/**
 * Kernel: device_del() of a device with a class. Context: may sleep. Where it is not on the list any more klist_del()
 * follows a NULL pointer; device_del() has reported it, and there is no reference of the list to put.
 */
export function* class_device_del(dev: device): Steps<void> {
  if (yield* device_del(dev)) yield* put_device(dev);
}
