// SPDX-License-Identifier: GPL-2.0-only
import { kfn, type Steps } from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';
import { callbacks, nullPointer } from '../structures/null-pointer.js';
import { ioctl_with_path, type template_with_ioctl_pair } from './with-path.js';
import { number_from } from '../structures/ask.js';

/** A template with a char device. */
export interface template_with_cdev_ioctl<D extends mpath_device_base> extends template_with_ioctl_pair<D> {
  readonly cdev_ioctl?: (dev: D, cmd: number, arg: unknown, open_for_write: boolean) => Steps<number>;
}

/**
 * Passes an ioctl of the char device to the driver, with a path.
 * Kernel: `mpath_chr_ioctl()`, v3 patch 07, v2 patch 06. Context: may sleep.
 * @returns what `cdev_ioctl` gave, or -EWOULDBLOCK without a path
 */
export const make_chr_ioctl = <
  D extends mpath_device_base,
  H extends mpath_head_base<D> & { readonly mpdt: template_with_cdev_ioctl<D> | null },
>(
  mpath_find_path: (head: H) => Steps<D | null>,
) =>
  kfn('mpath_chr_ioctl', (head: H, cmd: number, arg: unknown, open_for_write: boolean): Steps<number> =>
    ioctl_with_path<D, H>(head, mpath_find_path, cmd, (dev) => {
      const { cdev_ioctl } = callbacks<template_with_cdev_ioctl<D>>(head);
      if (cdev_ioctl === undefined) return nullPointer('mpath_head_template.cdev_ioctl', head);
      return number_from('cdev_ioctl', cdev_ioctl(dev, cmd, arg, open_for_write));
    }),
  );
