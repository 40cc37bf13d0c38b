// SPDX-License-Identifier: GPL-2.0-only
import { kfn, READ_ONCE, type Steps } from '@libmultipath/kernel';
import type { mpath_iopolicy_e } from '../constants.js';
import type { mpath_head } from './structures.js';

/**
 * Kernel: `mpath_read_iopolicy()`, v3 patch 03. Context: any.
 * Mainline: none: callers read `head->subsys->iopolicy`.
 */
export const mpath_read_iopolicy = kfn('mpath_read_iopolicy', (head: mpath_head): Steps<mpath_iopolicy_e> =>
  READ_ONCE(head.iopolicy, 'value'),
);
