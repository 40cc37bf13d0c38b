// SPDX-License-Identifier: GPL-2.0-only
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { checkSchema } from '@libmultipath/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMpath, runMpath } from '../testing/mpath-process.js';
import type { Ran } from '../testing/ran.js';
import { toyLibrary } from '../testing/toy-library.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
let dir = '';
const mpath = (...args: string[]): Promise<Ran> => runMpath(args, { cwd: dir, timeoutMs: 120_000 });

beforeAll(async () => {
  await buildMpath();
  dir = await toyLibrary();
}, 300_000);
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('mpath check --battery', { timeout: 240_000 }, () => {
  it('explores shapes on the library itself, under the plain driver', async () => {
    const { code, out } = await mpath('check', '--battery', '--driver', 'plain', '--revision', 'v3', 'without-disk');
    expect(out).toMatch(/^ {2}pass {9}without-disk {2,}complete \(sequential consistency\); 1 execution$/m);
    expect(code).toBe(0);
  });

  it('is content with what the library is known for', async () => {
    const { code, out } = await mpath('check', '--driver', 'plain', '--revision', 'v1', 'without-disk');
    expect(out).toMatch(/^ {6}NULL-8bc031 {2}null-dereference in mpath_device_set_live\(\), known, real: /m);
    expect(code).toBe(0);
  });

  it('makes the schedule of a known finding smaller only where it is printed', async () => {
    const shape = ['--battery', '--driver', 'plain', '--revision', 'v1', '--steps', '4000', '--workers', '1'];
    const stepsOf = async (...more: string[]): Promise<readonly number[]> => {
      const { out } = await mpath('check', ...shape, 'close-against-teardown', ...more, '--json', '-');
      return checkSchema
        .parse(JSON.parse(out))
        .scenarios.flatMap(({ findings }) => findings.map(({ events }) => events));
    };
    const [hasty, full] = [await stepsOf(), await stepsOf('--full')];
    expect(hasty).toHaveLength(full.length);
    expect(hasty.length).toBeGreaterThan(0);
    expect(full.every((events, nth) => events <= (hasty[nth] ?? 0))).toBe(true);
    expect(full).not.toEqual(hasty);
  });

  it('says of a driver without a port that it has none', async () => {
    const { code, err } = await mpath('check', '--battery', '--driver', 'toy');
    expect(err).toContain('LMP-918');
    expect(code).toBe(2);
  });

  it('offers the shapes whose names are near', async () => {
    const { code, err } = await mpath('check', '--battery', '--driver', 'plain', '--revision', 'v3', 'without-disc');
    expect(err).toMatch(/LMP-903: .*no shape of the battery is called without-disc\n.*did you mean without-disk/);
    expect(code).toBe(2);
  });

  // Ids hang on the names of functions: a frame that moves makes a finding another one, and the list no longer holds.
  it.each([
    ['nvme', 'v3', ['failed-probe-as-the-last-path-leaves', 'open-cdev-against-teardown']],
    ['scsi', 'v2', ['open-against-teardown', 'failed-probe-in-the-window']],
  ])('knows what %s %s shows when the head goes', async (driver, revision, shapes) => {
    const asked = ['--battery', '--driver', driver, '--revision', revision, '--steps', '4000', '--workers', '1'];
    const { code, out } = await runMpath(['check', ...asked, ...shapes], { cwd: root, timeoutMs: 230_000 });
    expect(out).toMatch(/ [1-9]\d* findings?, all known$/m);
    // Stopped at the bound, with nothing that is not listed.
    expect(code).toBe(4);
  });

  it('finds no bio that stays parked on fixed when a path of SCSI runs again', async () => {
    const asked = ['--battery', '--driver', 'scsi', '--revision', 'fixed', '--steps', '10000', '--workers', '1'];
    const { out } = await runMpath(['check', ...asked, 'park-against-usable'], { cwd: root, timeoutMs: 230_000 });
    expect(out).toMatch(/^fixed: .*, 0 findings$/m);
  });

  it('looks quickly, and says how far it came; what a sample does not show is not gone', async () => {
    const quick = ['--quick', '--driver', 'plain', '--revision', 'v3', '--time', '20', '--seed', '5'];
    const { code, out } = await mpath('check', ...quick, 'submit-against-remove', 'without-disk');
    expect(out).toMatch(/^ {2}pass {9}without-disk {2,}complete \(sequential consistency\)/m);
    expect(out).toMatch(
      /submit-against-remove {2,}.*sampled [\d,]+ schedules by POS and [\d,]+ by PCT, seed 5 \(PCT: /,
    );
    expect(out).toMatch(/^ {2}quick: 1 of 2 complete .*PCT shows a bug of depth 3 with at least /m);
    expect(out).not.toContain('gone:');
    expect(code).toBe(0);
  });
});
