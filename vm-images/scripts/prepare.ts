// SPDX-License-Identifier: GPL-2.0-only
/**
 * Prints `{"vmlinuzPath","imagePath","release"}` for a kernel, fetching and building what is missing:
 * `node --conditions=@libmultipath/source --import tsx vm-images/scripts/prepare.ts 7.3 [module…]`.
 */
import { fileURLToPath } from 'node:url';
import { buildImage, resolveKernel } from '../src/index.js';

const [name = 'latest', ...modules] = process.argv.slice(2);
const cacheDir = fileURLToPath(new URL('../../.cache/vm', import.meta.url));
const progress = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const kernel = await resolveKernel({ kind: 'name', name }, { cacheDir, progress });
const image = await buildImage({ kernel, modules, cacheDir, progress });
const { vmlinuzPath, release } = kernel;
process.stdout.write(`${JSON.stringify({ vmlinuzPath, imagePath: image.path, release })}\n`);
