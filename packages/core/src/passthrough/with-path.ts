// SPDX-License-Identifier: GPL-2.0-only
import { E, srcu_read_lock, srcu_read_unlock, type KObject, type Steps } from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';
import { callbacks } from '../structures/null-pointer.js';
import type { mpath_head_template_base } from '../structures/template-base.js';

/** A template that may let the library leave its SRCU section before an ioctl, since v2. */
export interface template_with_ioctl_pair<D extends mpath_device_base> extends mpath_head_template_base<D> {
  readonly ioctl_begin?: (dev: D, cmd: number) => Steps<KObject | null>;
  readonly ioctl_finish?: (opaque: KObject) => Steps<void>;
}

/** A head whose template has that pair. */
export type head_with_ioctl_pair<D extends mpath_device_base> = mpath_head_base<D> & {
  readonly mpdt: template_with_ioctl_pair<D> | null;
};

/**
 * Calls `ioctl` with a path: inside the SRCU section, or outside it when the driver gave an
 * object to hold on to. Part of the ioctls of both devices, v2 and v3 patches 07 and 11.
 * @returns what `ioctl` gave, or -EWOULDBLOCK without a path
 */
export function* ioctl_with_path<D extends mpath_device_base, H extends head_with_ioctl_pair<D>>(
  head: H,
  mpath_find_path: (head: H) => Steps<D | null>,
  cmd: number,
  ioctl: (dev: D) => Steps<number>,
): Steps<number> {
  const { ioctl_begin, ioctl_finish } = callbacks<template_with_ioctl_pair<D>>(head);
  const idx = yield* srcu_read_lock(head.srcu);
  const dev = yield* mpath_find_path(head);
  if (dev === null) {
    yield* srcu_read_unlock(head.srcu, idx);
    return -E.EWOULDBLOCK;
  }
  const opaque: KObject | null = ioctl_begin === undefined ? null : yield* ioctl_begin(dev, cmd);
  if (opaque !== null) yield* srcu_read_unlock(head.srcu, idx);
  const result = yield* ioctl(dev);
  if (opaque === null) yield* srcu_read_unlock(head.srcu, idx);
  else if (ioctl_finish !== undefined) yield* ioctl_finish(opaque);
  return result;
}
