// SPDX-License-Identifier: GPL-2.0-only
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generatedPages } from './pages.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
for (const [page, text] of Object.entries(generatedPages)) {
  writeFileSync(new URL(`../${page}`, import.meta.url), text(root));
}
