// SPDX-License-Identifier: GPL-2.0-only
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where kernels and images are kept: MPATH_CACHE, otherwise `libmultipath` in the user's cache folder. */
export const cacheDirOf = (env: Readonly<Record<string, string | undefined>>): string => {
  const own = env['MPATH_CACHE'] ?? '';
  if (own !== '') return own;
  const shared = env['XDG_CACHE_HOME'] ?? '';
  return join(shared === '' ? join(homedir(), '.cache') : shared, 'libmultipath');
};
