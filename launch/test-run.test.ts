// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';

import { LaunchFailure } from './failure.mjs';
import { decideLive, hasBrowser, notEmpty, withExit } from './test-run.mjs';

const none = { passed: 0, failed: 0, failures: [] };
const cannot = () => Promise.reject(new LaunchFailure('LMP-953', 'no QEMU here', 'install it'));

it('boots machines where QEMU can be had', async () => {
  expect(await decideLive({}, () => Promise.resolve())).toEqual({ live: true, why: '' });
});

it('goes on without machines where QEMU cannot be had, and says why', async () => {
  const decided = await decideLive({}, cannot);
  expect(decided).toEqual({ live: false, why: expect.stringContaining('no QEMU here') });
});

it('fails in CI where QEMU cannot be had', async () => {
  expect(await decideLive({ CI: 'true' }, cannot)).toMatchObject({
    live: false,
    failure: 'live: CI must boot machines: no QEMU here',
  });
});

it('does not take a fault of ours for a machine without QEMU', async () => {
  await expect(decideLive({}, () => Promise.reject(new TypeError('x')))).rejects.toThrow(TypeError);
});

it('counts no machine booted, and a tool that failed without a report, as failures', () => {
  expect(notEmpty(none)).toMatchObject({ failed: 1 });
  expect(notEmpty({ ...none, passed: 1 }).failed).toBe(0);
  expect(withExit(none, { code: 1, timedOut: false }, 'lint').failures).toEqual(['lint: failed; see its output above']);
  expect(withExit(none, { code: 137, timedOut: true }, 'vm').failures).toEqual([
    'vm: took too long and was ended; see its output above',
  ]);
  expect(withExit(none, { code: 0, timedOut: false }, 'lint').failed).toBe(0);
});

it('leaves the tests in a browser out where none can be had, and says how to get one', async () => {
  const lines: string[] = [];
  const output = { write: (text: string) => lines.push(text) };
  const missing = () =>
    Promise.reject(new LaunchFailure('LMP-953', 'expected chromium, found it missing', 'install it'));
  expect(await hasBrowser(missing, output)).toBe(false);
  expect(lines.join('')).toMatch(/^browser: skipped\n.*LMP-953.*\n.*install it/s);
  expect(await hasBrowser(() => Promise.resolve(), output)).toBe(true);
  await expect(hasBrowser(() => Promise.reject(new TypeError('a fault')), output)).rejects.toThrow('a fault');
});
