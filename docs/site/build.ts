// SPDX-License-Identifier: GPL-2.0-only
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vitepress';
import { writeApi } from './api.js';
import { stagePages } from './stage.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = join(root, '.cache/site/pages');

// `npm run docs`: the pages, the API out of the sources, then the site, at .cache/site/html.
const began = performance.now();
const staged = stagePages(root, pages);
await writeApi(root, join(pages, 'reference/api'));
await build(join(root, 'docs'));
const seconds = ((performance.now() - began) / 1_000).toFixed(1);
process.stdout.write(`${String(staged)} pages, and the API: .cache/site/html (${seconds} s)\n`);
