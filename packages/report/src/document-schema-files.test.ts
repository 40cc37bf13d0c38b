// SPDX-License-Identifier: GPL-2.0-only
import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { schemaFiles, schemaFolder } from './document-schema-files.js';

it('are what the documents are checked with before they are written', async () => {
  const files = schemaFiles();
  expect((await readdir(schemaFolder)).sort()).toEqual([...files.keys()].sort());
  for (const [name, text] of files) expect(await readFile(new URL(name, schemaFolder), 'utf8')).toBe(text);
  expect([...files.keys()]).toContain('verify-1.schema.json');
});
