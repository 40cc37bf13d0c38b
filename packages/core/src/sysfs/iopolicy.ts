// SPDX-License-Identifier: GPL-2.0-only
import { kfn, pr_info, READ_ONCE, WRITE_ONCE, type Steps } from '@libmultipath/kernel';
import {
  mpath_iopolicy_names,
  MPATH_IOPOLICY_NUMA,
  MPATH_IOPOLICY_QD,
  MPATH_IOPOLICY_RR,
  type mpath_iopolicy,
  type mpath_iopolicy_e,
} from '../constants.js';

const policies = [MPATH_IOPOLICY_NUMA, MPATH_IOPOLICY_RR, MPATH_IOPOLICY_QD] as const;

/** `sysfs_streq()`: equal, or equal but for one trailing newline. */
const named = (buf: string): mpath_iopolicy_e | undefined =>
  policies.find((policy) => mpath_iopolicy_names[policy] === buf.replace(/\n$/, ''));

/** Kernel: `mpath_iopolicy_show()`, v3 patch 08. Name and newline. */
export const mpath_iopolicy_show = kfn('mpath_iopolicy_show', function* (iopolicy: mpath_iopolicy): Steps<string> {
  return `${mpath_iopolicy_names[yield* READ_ONCE(iopolicy, 'value')]}\n`;
});

/**
 * Stores a policy by name; the same one again stores nothing. Paths are not cleared:
 * that is the driver's to do after.
 *
 * Kernel: `mpath_iopolicy_store()`, v3 patch 08. Returns whether the name is known.
 */
export const mpath_iopolicy_store = kfn(
  'mpath_iopolicy_store',
  function* (iopolicy: mpath_iopolicy, buf: string): Steps<boolean> {
    const policy = named(buf);
    if (policy === undefined) return false;
    const old = yield* READ_ONCE(iopolicy, 'value');
    if (old === policy) return true;
    yield* WRITE_ONCE(iopolicy, 'value', policy);
    pr_info(`iopolicy changed from ${mpath_iopolicy_names[old]} to ${mpath_iopolicy_names[policy]}`);
    return true;
  },
);

/** Is it queue-depth now? Kernel: `mpath_qd_iopolicy()`, v3 patch 03. Context: any. */
export const mpath_qd_iopolicy = kfn('mpath_qd_iopolicy', function* (iopolicy: mpath_iopolicy): Steps<boolean> {
  return (yield* READ_ONCE(iopolicy, 'value')) === MPATH_IOPOLICY_QD;
});
