// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';

import { parseVersion, tooOld } from './node-version.mjs';

it('reads major and minor, with or without a v', () => {
  expect(parseVersion('20.19.5')).toEqual({ major: 20, minor: 19 });
  expect(parseVersion('v24.1.0-nightly')).toEqual({ major: 24, minor: 1 });
  expect(parseVersion('latest')).toBeUndefined();
});

it.each(['20.19.0', '20.20.2', '21.0.0', '24.3.1', '100.0.0'])('accepts Node %s', (version) => {
  expect(tooOld(version)).toBeUndefined();
});

it.each(['20.18.9', '18.20.4', '9.99.0', 'x'])('says that Node %s is too old, and which one will do', (version) => {
  expect(tooOld(version)).toMatch(/^LMP-950: expected Node 20\.19 or newer, found .+\n {2}→ install/);
  expect(tooOld(version)).toContain(version);
});
