// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { join } from 'node:path';

import { root } from './paths.mjs';

/**
 * The environment of every tool the launcher starts: Nx and npm stay on this machine, and leave no
 * process behind.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export const toolEnv = (env) => ({
  ...env,
  NX_DAEMON: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
  NX_INTERACTIVE: 'false',
  NX_ISOLATE_PLUGINS: 'false',
  NX_NATIVE_FILE_CACHE_DIRECTORY: join(root, '.nx', 'native'),
  DO_NOT_TRACK: '1',
  npm_config_update_notifier: 'false',
});
