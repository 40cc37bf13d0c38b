// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, load, type gendisk, type KObject, type Steps } from '@libmultipath/kernel';
import type { mpath_device, mpath_head } from './structures.js';
import type { mpath_head_template } from './template.js';

const nullPointer = (what: string, object: KObject): never =>
  currentMachine().oops('null-dereference', `BUG: kernel NULL pointer dereference: ${what}`, object);

/** The head's template: written once before use, so reading the pointer is no step. */
export const callbacks = (head: mpath_head): mpath_head_template => head.mpdt ?? nullPointer('mpath_head.mpdt', head);

/** The path's head; a path that was never added has none. */
export function* head_of(dev: mpath_device): Steps<mpath_head> {
  return (yield* load(dev, 'mpath_head')) ?? nullPointer('mpath_device.mpath_head', dev);
}

/** The path's disk. A driver that takes it away while the path can still be met is caught here. */
export function* disk_of(dev: mpath_device): Steps<gendisk> {
  return (yield* load(dev, 'disk')) ?? nullPointer('mpath_device.disk', dev);
}
