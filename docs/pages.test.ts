// SPDX-License-Identifier: GPL-2.0-only
import { documentTests } from '@libmultipath/cli/documents/document-tests';
import { afterAll, describe } from 'vitest';
import { Checkout } from './testing/checkout.js';
import { runPages } from './testing/run-pages.js';

describe.each(runPages)('%s', async (page) => {
  const checkout = await Checkout.make();
  afterAll(() => checkout.remove());
  documentTests(new URL(page, import.meta.url), { cwd: checkout.dir, env: checkout.env, timeoutMs: 280_000 });
});
