// SPDX-License-Identifier: GPL-2.0-only
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Fingerprints } from './fingerprint.js';

const root = mkdtempSync(join(tmpdir(), 'mpath-fingerprint-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const put = (file: string, text: string): void => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
};
put('package-lock.json', '{}');
for (const name of ['checker', 'conformance', 'contract', 'scenario']) put(`packages/${name}/dist/index.js`, '');
put('packages/kernel/dist/index.js', 'export const hz = 250;');
mkdirSync(join(root, 'node_modules', '@libmultipath'), { recursive: true });
symlinkSync(join(root, 'packages', 'kernel'), join(root, 'node_modules', '@libmultipath', 'kernel'));
put('drivers/toy/dist/index.js', "import { one } from './model.js';\nimport './guest/boot.js';\nexport { one };");
put('drivers/toy/dist/model.js', "import { hz } from '@libmultipath/kernel';\nexport const one = hz;");
put('drivers/toy/dist/guest/boot.js', 'export {};');
put('drivers/other/dist/index.js', 'export const two = 2;');

const now = (driver: string): string => new Fingerprints(root, []).of(driver);

it('is another one when anything that the driver loads does something else, and only then', () => {
  const [toy, other] = [now('toy'), now('other')];
  expect(toy).not.toBe(other);
  put('drivers/toy/dist/model.js', "// Why.\nimport { hz } from '@libmultipath/kernel';\n\nexport const one = hz;");
  put('drivers/toy/dist/guest/boot.js', 'export const more = 1;');
  expect(now('toy')).toBe(toy);
  put('packages/kernel/dist/index.js', 'export const hz = 1000;');
  expect(now('toy')).not.toBe(toy);
  expect(now('other')).toBe(other);
});
