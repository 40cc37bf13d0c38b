// SPDX-License-Identifier: GPL-2.0-only
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { Discriminating } from './discriminating.js';

const list = (kernels: unknown): string => JSON.stringify({ schema: 'mpath.discriminating/1', kernels });

it('counts the observations of the scenario that are listed for the kernel', () => {
  const read = Discriminating.parse(list({ '7.3': { two: ['one'], three: ['x', 'y'] }, '6.1': { two: [] } }), 'x');
  expect([read.count('7.3', 'two'), read.count('6.1', 'two'), read.count('6.1', 'three')]).toEqual([1, 0, 0]);
});

it('counts on a kernel that is not listed what any kernel has', () => {
  const read = Discriminating.parse(list({ '7.3': { two: ['one'] }, '6.1': { two: ['two'] } }), 'x');
  expect(read.count('6.18', 'two')).toBe(2);
});

it('is absent where a driver has no list, and refused where the file is none', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'mpath-discriminating-'));
  try {
    expect(await Discriminating.read(pathToFileURL(dir))).toBeUndefined();
    await writeFile(join(dir, 'discriminating.json'), '{ "schema": "mpath.discriminating/2" }');
    await expect(Discriminating.read(pathToFileURL(dir))).rejects.toMatchObject({ code: 'LMP-509' });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
