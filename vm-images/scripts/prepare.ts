// SPDX-License-Identifier: GPL-2.0-only
/**
 * Prints `{"vmlinuzPath","imagePath","release"}` for a kernel, fetching and building what is missing:
 * `node --conditions=@libmultipath/source --import tsx vm-images/scripts/prepare.ts 7.3 [module…]`.
 */
import { buildImage, cacheDirOf, resolveKernel } from '../src/index.js';

const [name = 'latest', ...modules] = process.argv.slice(2);
const cacheDir = cacheDirOf(process.env);
const progress = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const kernel = await resolveKernel({ kind: 'name', name }, { cacheDir, progress });
const image = await buildImage({ kernel, modules, cacheDir, progress });
const { vmlinuzPath, release } = kernel;
process.stdout.write(`${JSON.stringify({ vmlinuzPath, imagePath: image.path, release })}\n`);
