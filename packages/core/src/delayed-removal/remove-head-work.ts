// SPDX-License-Identifier: GPL-2.0-only
import { kfn, load, module_put, type Steps } from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';
import { callbacks, nullPointer } from '../structures/null-pointer.js';
import type { mpath_head_template_base } from '../structures/template-base.js';

/** A template whose driver finishes what the library armed. */
export interface template_with_remove_head<D extends mpath_device_base, H> extends mpath_head_template_base<D> {
  readonly remove_head?: (head: H) => Steps<void>;
}

/**
 * The head may be gone when the callback returns, so the module was remembered before.
 * Kernel: `mpath_remove_head_work()`, delayed removal patch of v2 and v3. Context: `mpath-wq`.
 * @param was_removed the callback is left out
 */
export const make_remove_head_work = <
  D extends mpath_device_base,
  H extends mpath_head_base<D> & { readonly mpdt: template_with_remove_head<D, H> | null },
>(
  was_removed: (head: H) => Steps<boolean>,
) =>
  kfn('mpath_remove_head_work', function* (head: H): Steps<void> {
    const drv_module = yield* load(head as mpath_head_base<D>, 'drv_module');
    const { remove_head } = callbacks<template_with_remove_head<D, H>>(head);
    if (remove_head === undefined) return nullPointer('mpath_head_template.remove_head', head);
    if (!(yield* was_removed(head))) yield* remove_head(head);
    yield* module_put(drv_module);
  });
