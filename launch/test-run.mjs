// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { cliBin } from './build.mjs';
import { runChild } from './child.mjs';
import { ensureBrowser, ensureDebianPackages } from './debian.mjs';
import { LaunchFailure } from './failure.mjs';
import { ensureInstalled } from './install.mjs';
import { runMany } from './nx.mjs';
import { root } from './paths.mjs';
import { clearReports, tallyReports } from './reports.mjs';
import { withSetupLock } from './setup-lock.mjs';
import { runStage, seconds } from './stage.mjs';

const minuteMs = 60_000;
export const summaryFile = join(root, '.reports', 'summary.json');

/**
 * @typedef {import('./reports.mjs').Tally & { name: string, tookMs: number }} Result
 */

/**
 * Whether machines can be booted here. CI must: there, no QEMU is a failure.
 * @param {NodeJS.ProcessEnv} env
 * @param {() => Promise<void>} ensure
 * @returns {Promise<{ live: boolean, why: string, failure?: string }>}
 */
export const decideLive = async (env, ensure) => {
  try {
    await ensure();
    return { live: true, why: '' };
  } catch (error) {
    if (!(error instanceof LaunchFailure)) throw error;
    const why = error.format();
    return env['CI'] === 'true'
      ? { live: false, why, failure: `live: CI must boot machines: ${error.message}` }
      : { live: false, why };
  }
};

/**
 * Whether reports can be opened in a browser here; where not, their tests are left out.
 * @param {() => Promise<void>} ensure
 * @param {{ write: (text: string) => unknown }} [output]
 */
export const hasBrowser = async (ensure, output = process.stderr) => {
  try {
    await ensure();
    return true;
  } catch (error) {
    if (!(error instanceof LaunchFailure)) throw error;
    output.write(`browser: skipped\n${error.format()}\n`);
    return false;
  }
};

/**
 * A stage whose tool failed though no report says so still failed.
 * @param {import('./reports.mjs').Tally} tally
 * @param {{ code: number, timedOut: boolean }} finished
 * @param {string} name
 * @returns {import('./reports.mjs').Tally}
 */
export const withExit = (tally, { code, timedOut }, name) => {
  if (code === 0 || tally.failed > 0) return tally;
  const why = timedOut ? 'took too long and was ended' : 'failed';
  return { ...tally, failed: 1, failures: [...tally.failures, `${name}: ${why}; see its output above`] };
};

/**
 * Where machines can be booted, at least one test must have booted one: none at all is no success.
 * @param {import('./reports.mjs').Tally} tally
 * @returns {import('./reports.mjs').Tally}
 */
export const notEmpty = (tally) =>
  tally.passed + tally.failed > 0 ? tally : { passed: 0, failed: 1, failures: ['live: no test booted a machine'] };

/** @type {import('./reports.mjs').Tally} */
const onePassed = { passed: 1, failed: 0, failures: [] };
/** @type {import('./reports.mjs').Tally} */
const none = { passed: 0, failed: 0, failures: [] };

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export const runTests = async (args) => {
  if (args.length > 0) {
    throw new LaunchFailure(
      'LMP-956',
      `expected no arguments, found '${args.join(' ')}'`,
      'for one room: npx vitest run --root DIR',
    );
  }
  clearReports();
  /** @type {Result[]} */
  const results = [];
  /**
   * @param {string} name
   * @param {string} does
   * @param {() => Promise<{ code: number, timedOut: boolean }>} work
   * @param {() => import('./reports.mjs').Tally} count
   */
  const stage = async (name, does, work, count) => {
    const startedMs = performance.now();
    const finished = await runStage({ name, does, streams: true, ok: ({ code }) => code === 0 }, work);
    const tally = withExit(finished.code === 0 || name === 'tests' || name === 'live' ? count() : none, finished, name);
    results.push({ name, ...tally, tookMs: performance.now() - startedMs });
  };
  const passes = () => onePassed;

  const { live, why, failure, browser } = await withSetupLock(async () => {
    await ensureInstalled();
    return { ...(await decideLive(process.env, ensureDebianPackages)), browser: await hasBrowser(ensureBrowser) };
  });

  await stage('format', 'oxfmt --check', () => runMany('format', { timeoutMs: 5 * minuteMs }), passes);
  await stage('imports', 'the import table', () => runMany('imports', { timeoutMs: 5 * minuteMs }), passes);
  await stage('lint', 'oxlint, with types', () => runMany('lint', { timeoutMs: 10 * minuteMs }), passes);
  await stage('typecheck', 'tsc -b', () => runMany('typecheck', { timeoutMs: 15 * minuteMs }), passes);
  // CI must open reports in a browser: told that there is one, the tests fail where there is none.
  const wanted = browser || process.env['CI'] === 'true';
  const env = {
    ...process.env,
    LIBMULTIPATH_LIVE: live ? 'on' : 'skipped',
    LIBMULTIPATH_BROWSER: wanted ? 'on' : 'skipped',
  };
  await stage(
    'tests',
    'vitest in every room',
    () => runMany('test', { timeoutMs: 30 * minuteMs, env }),
    () => tallyReports('test'),
  );
  if (live) {
    await stage(
      'live',
      'tests that boot machines',
      () => runMany('vm', { timeoutMs: 45 * minuteMs, env }),
      () => notEmpty(tallyReports('vm')),
    );
  } else {
    process.stderr.write(`live: skipped\n${why}\n`);
    if (failure !== undefined) results.push({ name: 'live', passed: 0, failed: 1, failures: [failure], tookMs: 0 });
    await stage(
      'recordings',
      'mpath verify --recorded',
      () => runChild(process.execPath, [cliBin, 'verify', '--recorded'], { cwd: root, timeoutMs: 10 * minuteMs }),
      passes,
    );
  }
  return report(results, live);
};

/**
 * @param {readonly Result[]} results
 * @param {boolean} live
 */
const report = (results, live) => {
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  const failures = results.flatMap((result) => result.failures);
  const lines = results.map(
    (result) =>
      `  ${result.failed === 0 ? '✓' : '✗'} ${result.name.padEnd(10)} ${result.passed} of ${result.passed + result.failed}, ${seconds(result.tookMs)}`,
  );
  process.stdout.write(`\nSummary${live ? '' : ' (live: skipped)'}\n${lines.join('\n')}\n`);
  if (failures.length > 0) process.stdout.write(`\nFailed\n${failures.map((line) => `  ${line}`).join('\n')}\n`);
  mkdirSync(join(summaryFile, '..'), { recursive: true });
  writeFileSync(summaryFile, `${JSON.stringify({ passed, failed, live, failures }, undefined, 2)}\n`);
  return failed > 0 || passed === 0 ? 1 : 0;
};
