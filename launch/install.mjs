// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runChild } from './child.mjs';
import { LaunchFailure } from './failure.mjs';
import { toolEnv } from './nx-env.mjs';
import { root } from './paths.mjs';
import { runStage } from './stage.mjs';

const installMs = 20 * 60_000;

/**
 * What an installation depends on. The platform belongs to it: some packages are programs.
 * @param {string | Buffer} lockFile contents of package-lock.json
 * @param {string} platform
 */
export const lockStamp = (lockFile, platform) =>
  createHash('sha256').update(lockFile).update(`\n${platform}`).digest('hex');

/**
 * @param {string} wanted
 * @param {string | undefined} found the stamp of the last installation
 * @returns {string | undefined} why to install; undefined where nothing is to be done
 */
export const whyInstall = (wanted, found) => {
  if (found === undefined) return 'nothing installed yet';
  return found.trim() === wanted ? undefined : 'the lock file changed';
};

/**
 * The npm that started us where there is one, so that both sides are the same.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ program: string, args: string[] }}
 */
export const npmCommand = (env) =>
  env['npm_execpath'] !== undefined && /npm-cli\.[cm]?js$/.test(env['npm_execpath'])
    ? { program: process.execPath, args: [env['npm_execpath']] }
    : { program: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };

/** Runs `npm ci` when the lock file is not the one that was installed; needs no network otherwise. */
export const ensureInstalled = async () => {
  const stampFile = join(root, 'node_modules', '.libmultipath-lock');
  const wanted = lockStamp(readFileSync(join(root, 'package-lock.json')), `${process.platform}-${process.arch}`);
  const why = whyInstall(wanted, existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : undefined);
  if (why === undefined) return;
  await runStage({ name: 'install', does: `npm ci, ${why}` }, async () => {
    const { program, args } = npmCommand(process.env);
    const { code, output } = await runChild(program, [...args, 'ci', '--no-audit', '--no-fund'], {
      cwd: root,
      env: toolEnv(process.env),
      capture: true,
      timeoutMs: installMs,
    });
    if (code !== 0) {
      process.stderr.write(`\n${output}`);
      throw new LaunchFailure(
        'LMP-951',
        `expected npm ci to install what package-lock.json lists, found exit code ${code}`,
        'the first run needs npm and its registry; read what npm printed above, then run the same command again',
      );
    }
    writeFileSync(stampFile, `${wanted}\n`);
  });
};
