// SPDX-License-Identifier: GPL-2.0-only
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { usageOf } from './measured.js';

const MOST_LOOKS = 1_000_000;

it('gives numbers of a process that has ended and that nobody has waited for', async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  const ended = once(child, 'close');
  const { pid = 0 } = child;
  const state = (): string | undefined =>
    readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .split(') ')
      .at(-1)
      ?.split(' ')[0];
  // Nobody waits for it while this thread is busy.
  for (let looks = 0; looks < MOST_LOOKS && state() !== 'Z'; looks++);
  expect(state()).toBe('Z');
  expect(readFileSync(`/proc/${String(pid)}/status`, 'utf8')).not.toContain('VmRSS');
  const used = usageOf(pid);
  expect(used?.memoryMiB).toBe(0);
  expect(used?.cpuS).toBeGreaterThanOrEqual(0);
  await ended;
  expect(usageOf(pid)).toBeUndefined();
});

it('gives the largest memory of one that runs', () => {
  expect(usageOf(process.pid)?.memoryMiB).toBeGreaterThan(10);
});
