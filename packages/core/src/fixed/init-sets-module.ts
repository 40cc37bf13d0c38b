// SPDX-License-Identifier: GPL-2.0-only
import { store, this_module } from '@libmultipath/kernel';
import type { Remedy } from './remedy.js';

/** A driver cannot forget its module: the macro by which it calls the library says which it is. */
export const init_sets_module: Remedy = {
  name: 'init-sets-module',
  removes: ['R-05'],
  inC: '`mpath_head_init(head)` becomes a macro for `__mpath_head_init(head, THIS_MODULE)`, which stores it in `drv_module`.',
  apply: (parts) => ({
    ...parts,
    *set_drv_module(head) {
      yield* store(head, 'drv_module', this_module());
    },
  }),
};
