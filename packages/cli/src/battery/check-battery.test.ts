// SPDX-License-Identifier: GPL-2.0-only
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMpath, runMpath, type Ran } from '../testing/mpath-process.js';
import { toyLibrary } from '../testing/toy-library.js';

let dir = '';
const mpath = (...args: string[]): Promise<Ran> => runMpath(args, { cwd: dir, timeoutMs: 120_000 });

beforeAll(async () => {
  await buildMpath();
  dir = await toyLibrary();
}, 300_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('mpath check --battery', { timeout: 240_000 }, () => {
  it('explores shapes on the library itself, under the plain driver', async () => {
    const { code, out } = await mpath('check', '--battery', '--driver', 'plain', '--revision', 'v3', 'without-disk');
    expect(out).toMatch(/^ {2}pass {9}without-disk {2,}complete \(sequential consistency\); 1 execution$/m);
    expect(code).toBe(0);
  });

  it('is content with what the library is known for', async () => {
    const { code, out } = await mpath('check', '--driver', 'plain', '--revision', 'v1', 'without-disk');
    expect(out).toMatch(/^ {6}NULL-8bc031 {2}null-dereference in mpath_device_set_live\(\), known, real: /m);
    expect(code).toBe(0);
  });

  it('says of a driver without a port that it has none', async () => {
    const { code, err } = await mpath('check', '--battery', '--driver', 'toy');
    expect(err).toContain('LMP-918');
    expect(code).toBe(2);
  });

  it('offers the shapes whose names are near', async () => {
    const { code, err } = await mpath('check', '--battery', '--driver', 'plain', '--revision', 'v3', 'without-disc');
    expect(err).toMatch(/LMP-903: .*no shape of the battery is called without-disc\n.*did you mean without-disk/);
    expect(code).toBe(2);
  });

  it('looks quickly, with more and more preemptions, and says how far it came', async () => {
    const { code, out } = await mpath('check', '--quick', '--driver', 'plain', '--revision', 'v3', 'module-unload');
    expect(out).toMatch(/module-unload {2,}.*preemption/);
    expect(code).not.toBe(2);
  });
});
