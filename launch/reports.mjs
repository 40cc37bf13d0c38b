// SPDX-License-Identifier: GPL-2.0-only
// @ts-check
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { readJson, rooms, root } from './paths.mjs';

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} failures what failed, for a person
 */

/** Where each room's runs leave their reports; Nx restores them together with a cached result. */
export const reportDirs = () => ['.', ...rooms()].map((room) => join(root, room, '.reports'));

/** A report of an earlier run must never count: each run starts without any. */
export const clearReports = () => {
  for (const dir of reportDirs()) rmSync(dir, { recursive: true, force: true });
};

/**
 * Counts one vitest JSON report. A file that failed outside its tests (an import, a hook) counts as
 * one failed test: it must not vanish because it has none to count.
 * @param {unknown} report
 * @param {string} name
 * @returns {Tally}
 */
export const tallyReport = (report, name) => {
  const { testResults, success } =
    /** @type {{ testResults: { name: string, status: string, message?: string, assertionResults: { status: string, fullName: string }[] }[], success: boolean }} */ (
      report
    );
  /** @type {Tally} */
  const tally = { passed: 0, failed: 0, failures: [] };
  for (const file of testResults) {
    const place = `${name}: ${file.name.replace(`${root}/`, '')}`;
    let failedHere = 0;
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') tally.passed++;
      if (status === 'failed') {
        failedHere++;
        tally.failures.push(`${place}: ${fullName.trim()}`);
      }
    }
    if (failedHere === 0 && file.status === 'failed') {
      failedHere = 1;
      tally.failures.push(`${place}: ${file.message?.split('\n', 1)[0] || 'failed outside its tests'}`);
    }
    tally.failed += failedHere;
  }
  if (!success && tally.failed === 0) {
    tally.failed = 1;
    tally.failures.push(`${name}: the run failed outside its tests`);
  }
  return tally;
};

/** @param {string} dir */
const hasTests = (dir) =>
  existsSync(dir) &&
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).some(
    (file) => file.endsWith('.test.ts') && !file.endsWith('.vm.test.ts'),
  );

/**
 * @param {'test' | 'vm'} kind
 * @returns {Tally} over all rooms
 */
export const tallyReports = (kind) => {
  /** @type {Tally} */
  const sum = { passed: 0, failed: 0, failures: [] };
  for (const dir of reportDirs()) {
    const room = join(dir, '..');
    const name = room === root ? 'root' : room.replace(`${root}/`, '');
    const file = join(dir, `${kind}.json`);
    if (existsSync(file)) {
      const { passed, failed, failures } = tallyReport(readJson(file), name);
      sum.passed += passed;
      sum.failed += failed;
      sum.failures.push(...failures);
    } else if (kind === 'test' && ['src', 'test'].some((part) => hasTests(join(room, part)))) {
      sum.failed++;
      sum.failures.push(`${name}: has tests, and its run left no report`);
    }
  }
  return sum;
};
