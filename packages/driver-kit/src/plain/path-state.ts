// SPDX-License-Identifier: GPL-2.0-only
import { MPATH_STATE_NONOPTIMIZED, MPATH_STATE_OPTIMIZED } from '@libmultipath/core';
import { kfn, load, type KObject, type Steps } from '@libmultipath/kernel';
import { PLAIN_PATH_DEAD, PLAIN_PATH_NONOPTIMIZED, PLAIN_PATH_READY, plain_path } from './structures.js';

/** Kernel: container_of(): of garbage it gives garbage, which whoever reads it faults on. */
export const path_of = (dev: KObject): plain_path =>
  dev.container instanceof plain_path ? dev.container : (dev as plain_path);

const has = (flags: number, bit: number): boolean => (flags & (1 << bit)) !== 0;

/** The questions of the library about a path. Context of each: any, inside an SRCU read section of the head. */
export const plain_is_disabled = kfn('plain_is_disabled', function* (dev: KObject): Steps<boolean> {
  const flags = yield* load(path_of(dev), 'flags');
  return !has(flags, PLAIN_PATH_READY) || has(flags, PLAIN_PATH_DEAD);
});

export const plain_is_optimized = kfn('plain_is_optimized', function* (dev: KObject): Steps<boolean> {
  const flags = yield* load(path_of(dev), 'flags');
  return has(flags, PLAIN_PATH_READY) && !has(flags, PLAIN_PATH_DEAD) && !has(flags, PLAIN_PATH_NONOPTIMIZED);
});

/** Of v1, which asks the driver. Not written while somebody may ask: no step. */
export const plain_access_state = (dev: KObject): typeof MPATH_STATE_NONOPTIMIZED | typeof MPATH_STATE_OPTIMIZED =>
  has(path_of(dev).flags, PLAIN_PATH_NONOPTIMIZED) ? MPATH_STATE_NONOPTIMIZED : MPATH_STATE_OPTIMIZED;

/** A path that is there may come back; one that leaves is not READY any more. */
export const plain_available_path = kfn('plain_available_path', function* (dev: KObject): Steps<boolean> {
  return has(yield* load(path_of(dev), 'flags'), PLAIN_PATH_READY);
});
