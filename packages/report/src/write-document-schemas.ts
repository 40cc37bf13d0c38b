// SPDX-License-Identifier: GPL-2.0-only
import { mkdir, writeFile } from 'node:fs/promises';
import { schemaFiles, schemaFolder } from './document-schema-files.js';

/*
 * For the maintainer, after a change of a document:
 * `node packages/report/dist/write-document-schemas.js` writes the schemas that are published.
 */
await mkdir(schemaFolder, { recursive: true });
for (const [name, text] of schemaFiles()) await writeFile(new URL(name, schemaFolder), text);
