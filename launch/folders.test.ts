// SPDX-License-Identifier: GPL-2.0-only
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { findBenches } from './bench.mjs';
import { sourcesFingerprint } from './build.mjs';
import { rooms } from './paths.mjs';
import { lockHolder, withSetupLock } from './setup-lock.mjs';

let dir = '';
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
  utimesSync(join(dir, path), 1000, 1000);
};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'libmultipath-launch-'));
  put('package.json', JSON.stringify({ workspaces: ['packages/*', 'drivers/*', 'harness'] }));
  put('package-lock.json', '{}');
  put('tsconfig.base.json', '{}');
  for (const room of ['packages/b', 'packages/a', 'harness']) put(`${room}/package.json`, '{}');
  put('packages/a/src/deep/one.ts', 'one');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('finds the rooms, sorted; a folder without a manifest is none', () => {
  mkdirSync(join(dir, 'packages', 'empty'));
  expect(rooms(dir)).toEqual(['harness', 'packages/a', 'packages/b']);
});

it('sees a changed, an added and a removed source, and nothing where nothing changed', () => {
  const print = () => sourcesFingerprint(dir, rooms(dir));
  const before = print();
  expect(print()).toBe(before);
  put('packages/a/src/deep/one.ts', 'longer');
  const changed = print();
  put('packages/b/src/two.ts', 'two');
  const added = print();
  rmSync(join(dir, 'packages/a/src/deep'), { recursive: true });
  expect(new Set([before, changed, added, print()]).size).toBe(4);
});

it('does not build again for a file that tsc never reads', () => {
  const before = sourcesFingerprint(dir, rooms(dir));
  put('packages/a/README.md', '# a');
  put('packages/a/dist/one.js', '');
  expect(sourcesFingerprint(dir, rooms(dir))).toBe(before);
});

it('names benchmarks by file, and with their room where two share a name', () => {
  put('packages/a/bench/boot.ts', '');
  put('packages/b/bench/boot.ts', '');
  put('harness/bench/channel.ts', '');
  put('harness/bench/channel.test.ts', '');
  expect([...findBenches(dir, rooms(dir))]).toEqual([
    ['channel', 'harness/bench/channel.ts'],
    ['packages/a/boot', 'packages/a/bench/boot.ts'],
    ['packages/b/boot', 'packages/b/bench/boot.ts'],
  ]);
});

it('lets one setup in at a time, and the next when the first is done', async () => {
  const file = join(dir, 'state', 'lock');
  const events: string[] = [];
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const first = withSetupLock(
    async () => {
      events.push('first in');
      await held;
      events.push('first out');
    },
    { file },
  );
  const second = withSetupLock(() => Promise.resolve(events.push('second in')), { file });
  expect(lockHolder(file)).toBe(process.pid);
  release();
  await Promise.all([first, second]);
  expect(events).toEqual(['first in', 'first out', 'second in']);
  expect(lockHolder(file)).toBeUndefined();
});

it('takes over from a setup that died, and gives up on one that lives', async () => {
  const file = join(dir, 'lock');
  // No process can have this number: it is above every limit Linux allows.
  writeFileSync(file, '4194305');
  expect(await withSetupLock(() => Promise.resolve('in'), { file })).toBe('in');
  writeFileSync(file, String(process.pid));
  await expect(withSetupLock(() => Promise.resolve('in'), { file, limitMs: 0 })).rejects.toMatchObject({
    code: 'LMP-955',
  });
});
