// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';

import { closing } from './ci-line.mjs';
import { LaunchFailure } from './failure.mjs';
import { tallyReport } from './reports.mjs';
import { decideLive, notEmpty, withExit } from './test-run.mjs';

const file = (name: string, statuses: string[], extra: object = {}) => ({
  name,
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status, index) => ({ status, fullName: ` test ${index}` })),
  ...extra,
});

it('counts what passed and what failed, and names the latter', () => {
  const report = {
    success: false,
    testResults: [file('a.test.ts', ['passed', 'failed', 'pending']), file('b.test.ts', ['passed'])],
  };
  expect(tallyReport(report, 'core')).toEqual({ passed: 2, failed: 1, failures: ['core: a.test.ts: test 1'] });
});

it('counts a file that failed before its first test as one failed test', () => {
  const report = {
    success: false,
    testResults: [file('a.test.ts', [], { status: 'failed', message: 'no such module\n at x' })],
  };
  expect(tallyReport(report, 'core')).toEqual({ passed: 0, failed: 1, failures: ['core: a.test.ts: no such module'] });
});

it('counts a run that failed though every test passed', () => {
  expect(tallyReport({ success: false, testResults: [file('a.test.ts', ['passed'])] }, 'core')).toMatchObject({
    passed: 1,
    failed: 1,
  });
});

it('counts a tool that failed without a report, and does not count it twice', () => {
  const tally = { passed: 3, failed: 0, failures: [] };
  expect(withExit(tally, { code: 0, timedOut: false }, 'tests')).toEqual(tally);
  expect(withExit(tally, { code: 7, timedOut: false }, 'tests')).toMatchObject({ passed: 3, failed: 1 });
  expect(withExit(tally, { code: 143, timedOut: true }, 'live').failures).toEqual([
    'live: took too long and was ended; see its output above',
  ]);
  const failed = { passed: 3, failed: 2, failures: ['a', 'b'] };
  expect(withExit(failed, { code: 1, timedOut: false }, 'tests')).toEqual(failed);
});

it('counts live tests that were none as one failed', () => {
  expect(notEmpty({ passed: 0, failed: 0, failures: [] })).toMatchObject({ passed: 0, failed: 1 });
  const some = { passed: 2, failed: 0, failures: [] };
  expect(notEmpty(some)).toBe(some);
});

it('ends with the one line that CI reads', () => {
  expect(closing({ passed: 12, failed: 0 }, 0)).toEqual({ lines: ['12 passed, 0 failed'], exit: 0 });
  expect(closing({ passed: 12, failed: 1 }, 1)).toEqual({
    lines: ['12 passed, 1 failed'],
    exit: 1,
  });
});

it('fails where nothing passed, where no summary was left, and where the exit code says so', () => {
  expect(closing({ passed: 0, failed: 0 }, 0)).toMatchObject({ exit: 1 });
  expect(closing(undefined, 0)).toMatchObject({ exit: 1 });
  expect(closing(undefined, 2).lines.at(-1)).toBe('0 passed, 1 failed');
  expect(closing({ passed: 5, failed: 0 }, 137).lines.at(-1)).toBe('5 passed, 1 failed');
});

const missing = () => Promise.reject(new LaunchFailure('LMP-953', 'expected a, found it missing', 'install a'));

it('goes on without machines where packages cannot be had, and says why', async () => {
  const decision = await decideLive({}, missing);
  expect(decision).toEqual({ live: false, why: 'LMP-953: expected a, found it missing\n  → install a' });
});

it('counts a CI without machines as failed', async () => {
  expect(await decideLive({ CI: 'true' }, missing)).toMatchObject({
    live: false,
    failure: expect.stringContaining('CI'),
  });
});

it('boots machines where the packages are there, and hides no other failure', async () => {
  expect(await decideLive({}, () => Promise.resolve())).toEqual({ live: true, why: '' });
  await expect(decideLive({}, () => Promise.reject(new TypeError('bad list')))).rejects.toThrow('bad list');
});
