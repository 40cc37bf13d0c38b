// SPDX-License-Identifier: GPL-2.0-only
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { begunDriver } from '../testing/begun-driver.js';
import { buildMpath, runMpath } from '../testing/mpath-process.js';

const MINUTES_5 = 300_000;
let scratch = '';

beforeAll(async () => {
  await buildMpath();
  scratch = await mkdtemp(join(tmpdir(), 'mpath-begun-'));
}, MINUTES_5);
afterAll(() => rm(scratch, { recursive: true, force: true }));

it(
  'a driver that was just begun takes part in the standard battery, and shows nothing that it does not list',
  async () => {
    const cwd = await begunDriver(scratch);
    const args = ['check', '--battery', '--driver', 'acme', '--revision', 'v3', '--sample', '12'];
    const { out } = await runMpath(args, { cwd });
    expect(out).toMatch(/^ {2}pass +selection-under-removal /m);
    expect(out).toMatch(/^v3: \d+ pass, \d+ fail, \d+ findings?, all known/m);
    expect(out).not.toMatch(/not listed/);
  },
  MINUTES_5,
);
