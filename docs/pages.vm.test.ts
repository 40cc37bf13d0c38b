// SPDX-License-Identifier: GPL-2.0-only
import { documentTests } from '@libmultipath/cli/documents/document-tests';
import { cacheDirOf, resolveKernel } from '@libmultipath/vm-images';
import { afterAll, describe } from 'vitest';
import { Checkout } from './testing/checkout.js';
import { livePages } from './testing/run-pages.js';

const MINUTES_8 = 480_000;

/*
 * The blocks that boot machines. What is run there with a kernel that the reader has built is done with one of a
 * distribution: it is given by its files in the same way.
 */
describe.each(livePages)('%s', async (page) => {
  const checkout = await Checkout.make();
  const { vmlinuzPath, modulesDir = '' } = await resolveKernel(
    { kind: 'name', name: 'latest' },
    { cacheDir: cacheDirOf(process.env) },
  );
  afterAll(() => checkout.remove());
  documentTests(new URL(page, import.meta.url), {
    cwd: checkout.dir,
    env: { ...checkout.env, BZIMAGE: vmlinuzPath, MODULES: modulesDir },
    timeoutMs: MINUTES_8,
    blockMs: MINUTES_8,
    live: true,
  });
});
