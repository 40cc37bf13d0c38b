// SPDX-License-Identifier: GPL-2.0-only
import { E, kfn, store, type Steps } from '@libmultipath/kernel';
import { mpath_iopolicy_names, type mpath_iopolicy, type mpath_iopolicy_e } from '../constants.js';

/**
 * Sets a driver's module parameter.
 * Kernel: `mpath_set_iopolicy()`, patch 03 of v1 to v3. @returns 0, or -EINVAL for NULL and for what is no policy
 * Mainline: `nvme_set_iopolicy()`.
 * @param find how the revision recognises a name
 */
export const make_set_iopolicy = (find: (val: string) => mpath_iopolicy_e | undefined) =>
  kfn('mpath_set_iopolicy', function* (val: string | null, iopolicy: mpath_iopolicy): Steps<number> {
    const policy = val === null ? undefined : find(val);
    if (policy === undefined) return -E.EINVAL;
    yield* store(iopolicy, 'value', policy);
    return 0;
  });

/**
 * Kernel: `mpath_get_iopolicy()`, patch 03 of v1 to v3: name and newline. Pure.
 * Mainline: `nvme_get_iopolicy()`.
 */
export const mpath_get_iopolicy = (iopolicy: mpath_iopolicy_e): string => `${mpath_iopolicy_names[iopolicy]}\n`;
