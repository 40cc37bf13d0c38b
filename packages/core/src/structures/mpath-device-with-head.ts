// SPDX-License-Identifier: GPL-2.0-only
import { load, type Steps } from '@libmultipath/kernel';
import type { mpath_access_state } from '../constants.js';
import { mpath_device_base } from './mpath-device-base.js';
import { nullPointer } from './null-pointer.js';

/** `struct mpath_device` since v2: it knows its head, and holds its access state. Source: v2 and v3 patches 03, 05. */
export abstract class mpath_device_with_head<H> extends mpath_device_base {
  mpath_head: H | null = null;
  /** Written by the driver with plain stores. Zeroed memory means OPTIMIZED. */
  access_state: mpath_access_state = 0;
}

/** The path's head; a path that was never added has none. */
export function* head_of<H>(dev: mpath_device_with_head<H>): Steps<H> {
  return (yield* load(dev, 'mpath_head')) ?? nullPointer('mpath_device.mpath_head', dev);
}
