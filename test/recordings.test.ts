// SPDX-License-Identifier: GPL-2.0-only
// What the kernels showed when they were last booted, held against the models where nothing can be booted.
import { fileURLToPath } from 'node:url';
import { buildMpath, runMpath } from '@libmultipath/cli/testing/mpath-process';
import { verifySchema } from '@libmultipath/report';
import { beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

beforeAll(buildMpath, 290_000);

it('every recorded kernel agrees with its model', { timeout: 290_000 }, async () => {
  const { code, out, err } = await runMpath(['verify', '--recorded', '--json', '-'], { cwd: root });
  expect({ code, err }).toMatchObject({ code: 0 });
  const { kernels, summary } = verifySchema.parse(JSON.parse(out));
  const verdicts = kernels.map(({ name, scenarios }) => [
    name,
    scenarios.filter(({ verdict }) => verdict === 'agree').length,
    scenarios.filter(({ verdict }) => verdict === 'unsupported').map((row) => row.name),
  ]);
  expect(verdicts).toEqual([
    ['6.1', 6, ['delayed-removal-path-returns', 'delayed-removal-timer-first']],
    ['6.1', 7, []],
    ['6.12', 6, ['delayed-removal-path-returns', 'delayed-removal-timer-first']],
    ['6.12', 7, []],
    ['7.2', 8, []],
    ['7.3', 8, []],
    ['7.3', 7, []],
  ]);
  expect(summary).toMatchObject({ agree: 49, diverge: 0, tooLoose: 0, fault: 0, unsupported: 4, error: 0 });
  expect(err).toContain('49 agree, 0 diverge, 4 unsupported (');
});
