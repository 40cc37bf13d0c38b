// SPDX-License-Identifier: GPL-2.0-only

/** What every driver on the library is held to, by name. */
export const contractRules = {
  'optimized-not-disabled': 'is_optimized() true implies is_disabled() false',
  'no-sleep': 'available_path, is_disabled and is_optimized neither sleep nor take a lock that may be held around them',
  'answer-type': 'a callback returns what its type says',
  errno: 'a callback that returns an int returns 0, a result, or an errno from -1 to -4095',
  'no-path-fails': 'with available_path() false for every path, I/O ends with an error',
  'kick-on-return': 'a path that becomes usable lets go what waits',
  'unusable-is-disabled': 'a path that takes no I/O is disabled, and one that takes it is not',
  'removal-disable': 'a path is disabled before it is unlinked',
  'removal-grace-before-clear': 'a grace period lies between disabling a path and clearing it from the cache',
  'removal-clear': 'a path is cleared from the cache before it is unlinked',
  'removal-grace-before-unlink': 'a grace period lies between clearing a cached path and unlinking it',
  'removal-grace-before-free': 'a grace period lies between unlinking a path and freeing it',
  'drv-module': 'drv_module is set where delayed removal can be armed',
  'remove-head': 'remove_head is there where delayed removal can be armed',
  'references-returned': 'after the last path is gone, heads, paths and module references are gone',
  'clean-run': 'adding, using and removing paths one after the other shows no report of the kernel',
} as const;

export type ContractRule = keyof typeof contractRules;

/** Rules that a driver does not keep, each with the reason. */
export type ContractExceptions = { readonly [K in ContractRule]?: string };
