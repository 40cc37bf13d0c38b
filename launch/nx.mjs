// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { join } from 'node:path';

import { runChild } from './child.mjs';
import { ensureDebianPackages } from './debian.mjs';
import { LaunchFailure } from './failure.mjs';
import { ensureInstalled } from './install.mjs';
import { toolEnv } from './nx-env.mjs';
import { root } from './paths.mjs';
import { withSetupLock } from './setup-lock.mjs';

export const targets = ['build', 'test', 'lint', 'typecheck', 'bench', 'vm', 'format', 'imports', 'docs'];

/**
 * Runs one target in every room that has it, from Nx's cache where nothing changed.
 * @param {string} target
 * @param {{ timeoutMs: number, env?: NodeJS.ProcessEnv, args?: readonly string[] }} options
 */
export const runMany = (target, { timeoutMs, env = process.env, args = [] }) => {
  const nx = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  return runChild(process.execPath, [nx, 'run-many', '-t', target, '--output-style=static', ...args], {
    cwd: root,
    env: toolEnv(env),
    timeoutMs,
  });
};

/**
 * `npm run build` and its like: `nx TARGET [-- more arguments for nx run-many]`.
 * @param {readonly string[]} args
 */
export const runTarget = async ([target = '', ...args]) => {
  if (!targets.includes(target)) {
    throw new LaunchFailure('LMP-956', `expected one of ${targets.join(', ')}, found '${target}'`, 'name one of these');
  }
  await withSetupLock(async () => {
    await ensureInstalled();
    if (target === 'vm') await ensureDebianPackages();
  });
  const { code } = await runMany(target, { timeoutMs: 60 * 60_000, args });
  return code === 0 ? 0 : 1;
};
