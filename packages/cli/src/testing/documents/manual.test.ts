// SPDX-License-Identifier: GPL-2.0-only
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { documentTests } from './document-tests.js';

const manual = new URL('../../../documents/', import.meta.url);
const root = fileURLToPath(new URL('../../../../../', import.meta.url));

for (const page of readdirSync(manual).filter((name) => name !== 'README.md')) {
  documentTests(new URL(page, manual), { cwd: root });
}
