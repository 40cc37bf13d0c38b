// SPDX-License-Identifier: GPL-2.0-only
import { E, kfn, pr_err, READ_ONCE, WRITE_ONCE, type Steps } from '@libmultipath/kernel';
import { mpath_iopolicy_names, type mpath_iopolicy } from '../constants.js';
import { iopolicy_by_name } from '../sysfs/iopolicy-names.js';

/**
 * Stores a policy by name. On a change `update` has to clear the cached paths: it is called after the
 * store, before the message; the same policy again stores nothing and calls nobody.
 *
 * Kernel: `mpath_iopolicy_store()`, v1 patch 08. @returns the length of `buf`, or -EINVAL for a name that is unknown
 * Mainline: `nvme_subsys_iopolicy_store()` and `nvme_subsys_iopolicy_update()`.
 */
export const mpath_iopolicy_store = kfn('mpath_iopolicy_store', function* <
  T,
>(iopolicy: mpath_iopolicy, buf: string, update: (data: T) => Steps<void>, data: T): Steps<number> {
  const policy = iopolicy_by_name(buf);
  if (policy === undefined) return -E.EINVAL;
  const old = yield* READ_ONCE(iopolicy, 'value');
  if (old === policy) return buf.length;
  yield* WRITE_ONCE(iopolicy, 'value', policy);
  yield* update(data);
  pr_err(`iopolicy changed from ${mpath_iopolicy_names[old]} to ${mpath_iopolicy_names[policy]}`);
  return buf.length;
});
