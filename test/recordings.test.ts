// SPDX-License-Identifier: GPL-2.0-only
// What the kernels showed when they were last booted, held against the models where nothing can be booted.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseRecording } from '@libmultipath/conformance';
import { buildMpath, runMpath } from '@libmultipath/cli/testing/mpath-process';
import { verifySchema } from '@libmultipath/report';
import { beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

beforeAll(buildMpath, 290_000);

const recordedRows = async (): Promise<readonly string[]> => {
  const rows: string[] = [];
  for (const driver of await readdir(join(root, 'drivers'))) {
    const folder = join(root, 'drivers', driver, 'scenarios/recordings');
    for (const file of await readdir(folder)) {
      const { kernel, scenarios } = parseRecording(await readFile(join(folder, file), 'utf8'), file);
      rows.push(...scenarios.map(({ name }) => `${kernel} ${driver} ${name}`));
    }
  }
  return rows.toSorted();
};

it(
  'every recorded kernel agrees with its model, in each scenario that was recorded',
  { timeout: 600_000 },
  async () => {
    const { code, out, err } = await runMpath(['verify', '--recorded', '--json', '-'], {
      cwd: root,
      timeoutMs: 580_000,
    });
    expect({ code, err }).toMatchObject({ code: 0 });
    const { kernels, summary } = verifySchema.parse(JSON.parse(out));
    const agreed = kernels.flatMap(({ name, scenarios }) =>
      scenarios.filter(({ verdict }) => verdict === 'agree').map((row) => `${name} ${row.driver} ${row.name}`),
    );
    const rows = await recordedRows();
    expect(rows.length).toBeGreaterThan(200);
    expect(agreed.toSorted()).toEqual(rows);
    expect(summary).toMatchObject({ agree: rows.length, diverge: 0, tooLoose: 0, fault: 0, error: 0 });
  },
);
