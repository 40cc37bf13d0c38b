// SPDX-License-Identifier: GPL-2.0-only
import type { Steps } from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { head_with_template } from '../structures/mpath-head-base.js';
import { callbacks } from '../structures/null-pointer.js';
import type { mpath_head_template_base } from '../structures/template-base.js';
import { number_from } from '../structures/ask.js';

/** A template with a char device that nobody remembers to be there. */
interface template_with_cdev<D extends mpath_device_base, H> extends mpath_head_template_base<D> {
  readonly add_cdev?: (head: H) => Steps<number>;
  readonly del_cdev?: (head: H) => Steps<void>;
}

type Head<D extends mpath_device_base, H> = head_with_template<D> & { readonly mpdt: template_with_cdev<D, H> | null };

/** What comes of it is not looked at. Kernel: `mpath_head_add_cdev()`, v1 and v2 patch 06. */
export function* mpath_head_add_cdev<D extends mpath_device_base, H extends Head<D, H>>(head: H): Steps<void> {
  const { add_cdev } = callbacks<template_with_cdev<D, H>>(head);
  if (add_cdev !== undefined) yield* number_from('add_cdev', add_cdev(head));
}

/** Whether there is one or not. Kernel: `mpath_head_del_cdev()`, v1 and v2 patch 06. */
export function* mpath_head_del_cdev<D extends mpath_device_base, H extends Head<D, H>>(head: H): Steps<void> {
  const { del_cdev } = callbacks<template_with_cdev<D, H>>(head);
  if (del_cdev !== undefined) yield* del_cdev(head);
}
