// SPDX-License-Identifier: GPL-2.0-only
import { module_put } from '@libmultipath/kernel';
import type { Remedy } from './remedy.js';

/** A work that was pending holds a reference of the module already; the second one goes back. */
export const rearming_puts_module: Remedy = {
  name: 'rearming-puts-module',
  removes: ['R-10'],
  inC: '`mpath_can_remove_head()` calls `module_put(drv_module)` when `mod_delayed_work()` says that the work was pending.',
  apply: (parts) => ({ ...parts, armed_again: ({ drv_module }) => module_put(drv_module) }),
};
