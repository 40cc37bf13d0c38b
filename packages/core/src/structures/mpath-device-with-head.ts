// SPDX-License-Identifier: GPL-2.0-only
import { load, type Steps } from '@libmultipath/kernel';
import type { mpath_access_state } from '../constants.js';
import { mpath_device_base } from './mpath-device-base.js';
import { nullPointer } from './null-pointer.js';

/** `struct mpath_device` since v2: it holds its access state. Source: v2 and v3 patch 03. */
export abstract class mpath_device_with_state extends mpath_device_base {
  /** Written by the driver with plain stores. Zeroed memory means OPTIMIZED. */
  access_state: mpath_access_state = 0;
}

/** It also knows its head. Source: v2 and v3 patch 05. */
export type mpath_device_with_head<H> = mpath_device_with_state & { mpath_head: H | null };

/** The path's head; a path that was never added has none. */
export function* head_of<H>(dev: mpath_device_with_head<H>): Steps<H> {
  return (yield* load(dev, 'mpath_head')) ?? nullPointer('mpath_device.mpath_head', dev);
}
