// SPDX-License-Identifier: GPL-2.0-only
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { findConfig, loadConfig } from './config.js';
import { schemaText, schemaUrl } from './schemas.js';

/*
 * For the maintainer, after a change of a driver's words:
 * `node packages/cli/dist/write-schemas.js` writes the schema of every driver of mpath.config.ts.
 */
const { drivers } = await loadConfig(findConfig(process.cwd()));
for (const driver of drivers) {
  await writeFile(schemaUrl(driver), schemaText(driver));
  process.stdout.write(`${fileURLToPath(schemaUrl(driver))}\n`);
}
