// SPDX-License-Identifier: GPL-2.0-only
import { sysfs_match_string } from '@libmultipath/kernel';
import {
  mpath_iopolicy_names,
  MPATH_IOPOLICY_NUMA,
  MPATH_IOPOLICY_QD,
  MPATH_IOPOLICY_RR,
  type mpath_iopolicy_e,
} from '../constants.js';

const policies = [MPATH_IOPOLICY_NUMA, MPATH_IOPOLICY_RR, MPATH_IOPOLICY_QD] as const;

/** The policy of that name, a newline after it allowed, as `sysfs_streq()` finds it. */
export const iopolicy_by_name = (text: string): mpath_iopolicy_e | undefined =>
  policies[sysfs_match_string(mpath_iopolicy_names, text)];

/** The first policy whose name the text begins with, as `strncmp()` finds it: what follows the name is not looked at. */
export const iopolicy_by_prefix = (text: string): mpath_iopolicy_e | undefined =>
  policies.find((policy) => text.startsWith(mpath_iopolicy_names[policy]));
