// SPDX-License-Identifier: GPL-2.0-only
import { kfn, pr_info, READ_ONCE, WRITE_ONCE, type Steps } from '@libmultipath/kernel';
import { mpath_iopolicy_names, MPATH_IOPOLICY_QD, type mpath_iopolicy } from '../constants.js';
import { iopolicy_by_name } from './iopolicy-names.js';

/**
 * Kernel: `mpath_iopolicy_show()`, patch 08 of v1 to v3. Name and newline.
 * Mainline: `nvme_subsys_iopolicy_show()`.
 */
export const mpath_iopolicy_show = kfn('mpath_iopolicy_show', function* (iopolicy: mpath_iopolicy): Steps<string> {
  return `${mpath_iopolicy_names[yield* READ_ONCE(iopolicy, 'value')]}\n`;
});

/**
 * Stores a policy by name; the same one again stores nothing. Paths are not cleared:
 * that is the driver's to do after.
 *
 * Kernel: `mpath_iopolicy_store()`, v2 and v3 patch 08. Returns whether the name is known.
 * Mainline: `nvme_subsys_iopolicy_store()` and `nvme_subsys_iopolicy_update()`.
 */
export const mpath_iopolicy_store = kfn(
  'mpath_iopolicy_store',
  function* (iopolicy: mpath_iopolicy, buf: string): Steps<boolean> {
    const policy = iopolicy_by_name(buf);
    if (policy === undefined) return false;
    const old = yield* READ_ONCE(iopolicy, 'value');
    if (old === policy) return true;
    yield* WRITE_ONCE(iopolicy, 'value', policy);
    pr_info(`iopolicy changed from ${mpath_iopolicy_names[old]} to ${mpath_iopolicy_names[policy]}`);
    return true;
  },
);

/**
 * Is it queue-depth now? Kernel: `mpath_qd_iopolicy()`, patch 03 of v1 to v3. Context: any.
 * Mainline: none: callers compare `subsys->iopolicy`.
 */
export const mpath_qd_iopolicy = kfn('mpath_qd_iopolicy', function* (iopolicy: mpath_iopolicy): Steps<boolean> {
  return (yield* READ_ONCE(iopolicy, 'value')) === MPATH_IOPOLICY_QD;
});
