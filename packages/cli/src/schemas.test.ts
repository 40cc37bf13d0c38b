// SPDX-License-Identifier: GPL-2.0-only
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { nvmeDriver, nvmeErrors } from '@libmultipath/driver-nvme';
import { catalogues } from './catalogues.js';
import { schemaText, schemaUrl } from './schemas.js';

it('of the driver here is up to date: node packages/cli/dist/write-schemas.js', async () => {
  expect(await readFile(fileURLToPath(schemaUrl(nvmeDriver)), 'utf8')).toBe(schemaText(nvmeDriver));
});

it('error numbers are unique, and each catalogue keeps to its owner’s hundred', () => {
  const all = [...catalogues, nvmeErrors];
  const codes = all.flatMap((catalogue) => Object.keys(catalogue));
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code).toMatch(/^LMP-\d{3}$/);
  for (const catalogue of all) expect(new Set(Object.keys(catalogue).map((code) => code.charAt(4))).size).toBe(1);
});
