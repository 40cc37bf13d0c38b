// SPDX-License-Identifier: GPL-2.0-only
import { fileURLToPath } from 'node:url';
import { documentTests } from './document-tests.js';

const manual = new URL('../../../documents/', import.meta.url);
const root = fileURLToPath(new URL('../../../../../', import.meta.url));

// Those that boot machines; the others are run with the units.
for (const page of ['verify.md', 'vm.md']) documentTests(new URL(page, manual), { cwd: root, live: true });
