// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { lockStamp, npmCommand, whyInstall } from './install.mjs';

it('has one stamp for one lock file on one platform', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(lockStamp(one, 'linux-x64') === lockStamp(other, 'linux-x64')).toBe(one === other);
    }),
  );
  expect(lockStamp('a', 'linux-x64')).not.toBe(lockStamp('a', 'linux-arm64'));
});

it('installs where nothing is installed, and where the lock file changed', () => {
  expect(whyInstall('new', undefined)).toBe('nothing installed yet');
  expect(whyInstall('new', 'old\n')).toBe('the lock file changed');
});

it('installs nothing where the stamp is that of the lock file', () => {
  expect(whyInstall('same', 'same\n')).toBeUndefined();
});

it('asks the npm that started it, and otherwise the one on the path', () => {
  const npm = '/usr/lib/node_modules/npm/bin/npm-cli.js';
  expect(npmCommand({ npm_execpath: npm })).toEqual({ program: process.execPath, args: [npm] });
  expect(npmCommand({})).toMatchObject({ args: [] });
  expect(npmCommand({ npm_execpath: '/usr/share/yarn/yarn.js' })).toEqual(npmCommand({}));
});
