// SPDX-License-Identifier: GPL-2.0-only
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunDir, sweepStaleRunDirs } from './run-dir.js';
import { goneWithin, runs, startParent } from './testing/parent-process.js';
import { makeScratch, type Scratch } from './testing/scratch.js';

let scratch: Scratch;
let root = '';

beforeAll(async () => {
  scratch = await makeScratch();
  root = join(scratch.dir, 'tmp');
  await mkdir(root);
});
afterAll(() => rm(scratch.dir, { recursive: true, force: true }));

/** Run directories; the loader of the parent keeps a cache of its own beside them. */
const machines = async (): Promise<string[]> => (await readdir(root)).filter((name) => name.startsWith('mpath-'));

describe.runIf(process.platform === 'linux')('a parent that', () => {
  it('is killed takes QEMU with it; the run directory goes at the next start', async () => {
    // A guest that reacts to nothing: only the host can end it.
    const parent = await startParent(scratch.options('stubborn'), { TMPDIR: root });
    expect(runs(parent.qemuPid)).toBe(true);
    parent.kill('SIGKILL');
    await parent.ended;
    expect(await goneWithin(parent.qemuPid, 10_000)).toBe(true);
    expect(await machines()).toEqual([basename(parent.runDir)]);
    expect(await sweepStaleRunDirs(root)).toEqual([parent.runDir]);
    expect(await machines()).toEqual([]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('gets %s ends its machines, removes their directories, and exits %i', async (signal, code) => {
    const parent = await startParent(scratch.options('good'), { TMPDIR: root });
    parent.kill(signal);
    expect(await parent.ended).toBe(code);
    expect(runs(parent.qemuPid)).toBe(false);
    expect(await machines()).toEqual([]);
  });
});

it('the sweep leaves the directories of the living, of others and of nobody alone', async () => {
  const mine = await RunDir.make(root);
  const stranger = join(root, 'mpath-vm-1-999999-1-abcdef');
  const unrelated = join(root, 'something-else');
  await mkdir(stranger);
  await mkdir(unrelated);
  expect(await sweepStaleRunDirs(root)).toEqual([]);
  expect(await machines()).toHaveLength(2);
  expect(await readdir(root)).toContain('something-else');
  await mine.remove();
  await rm(stranger, { recursive: true });
  await rm(unrelated, { recursive: true });
});

it('the sweep is no obstacle where there is nothing to read', async () => {
  await expect(sweepStaleRunDirs(join(scratch.dir, 'nowhere'))).resolves.toEqual([]);
});
