// SPDX-License-Identifier: GPL-2.0-only
import { kfn, READ_ONCE, type Steps } from '@libmultipath/kernel';
import type { mpath_iopolicy, mpath_iopolicy_e } from '../constants.js';

/**
 * Kernel: `mpath_read_iopolicy()` of a driver's `struct mpath_iopolicy`, v1 and v2 patch 03. Context: any.
 * Mainline: none: callers read `head->subsys->iopolicy`.
 */
export const mpath_read_iopolicy = kfn(
  'mpath_read_iopolicy',
  function* (iopolicy: mpath_iopolicy): Steps<mpath_iopolicy_e> {
    return yield* READ_ONCE(iopolicy, 'value');
  },
);
