// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, load, type gendisk, type KObject, type Steps } from '@libmultipath/kernel';
import type { mpath_device_base } from './mpath-device-base.js';

/** What the kernel says, and does, when code follows a pointer that is NULL. */
export const nullPointer = (what: string, object: KObject | undefined): never =>
  currentMachine().oops('null-dereference', `BUG: kernel NULL pointer dereference: ${what}`, object);

/** The head's template: written once before use, so reading the pointer is no step. */
export const callbacks = <T>(head: KObject & { readonly mpdt: T | null }): T =>
  head.mpdt ?? nullPointer('mpath_head.mpdt', head);

/** The path's disk. A driver that takes it away while the path can still be met is caught here. */
export function* disk_of(dev: mpath_device_base): Steps<gendisk> {
  return (yield* load(dev, 'disk')) ?? nullPointer('mpath_device.disk', dev);
}
