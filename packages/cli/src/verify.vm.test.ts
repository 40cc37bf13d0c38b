// SPDX-License-Identifier: GPL-2.0-only
// The command as a user runs it, on real kernels.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonical, type ScenarioVerdict } from '@libmultipath/contract';
import { readRecording, recordingUrl } from '@libmultipath/conformance';
import { nvmeDriver } from '@libmultipath/driver-nvme';
import { scsiDriver } from '@libmultipath/driver-scsi';
import { virtioDriver } from '@libmultipath/driver-virtio-blk';
import { verifySchema } from '@libmultipath/report';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildMpath, runMpath, startMpath } from './testing/mpath-process.js';
import type { Ran } from './testing/ran.js';
import { lookUntil, processesNaming } from './testing/qemu-processes.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Folders of machines are made here, so that what is left of them is seen, whoever else runs machines. */
let temporary = '';
beforeAll(buildMpath);
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'mpath-'));
});
afterEach(() => rm(temporary, { recursive: true, force: true }));

/** How the paths of QEMU's sockets begin. */
const machines = (): string => join(temporary, 'mpath-vm-');
const env = (): Record<string, string> => ({ TMPDIR: temporary });
const machineFolders = async (): Promise<string[]> =>
  (await readdir(temporary)).filter((name) => name.startsWith('mpath-vm-'));

/** Longest that all scenarios of all drivers may take on one kernel. */
const SUITE_MS = 9 * 60_000;

const verify = async (args: readonly string[], cwd = root): Promise<Ran> => {
  const ran = await runMpath(['verify', ...args, '--json', '-'], { cwd, env: env(), timeoutMs: SUITE_MS });
  expect(processesNaming(machines())).toEqual([]);
  expect(await machineFolders()).toEqual([]);
  return ran;
};

type Row = Pick<ScenarioVerdict, 'name' | 'driver' | 'verdict' | 'outcomes' | 'differences'> & {
  readonly reason?: string | undefined;
};

/** A row that fails the command; shown whole, since its reason is all that a failed run leaves. */
const isTrouble = ({ verdict }: Row): boolean => verdict !== 'agree' && verdict !== 'unsupported';

const drivers = [nvmeDriver, scsiDriver, virtioDriver];

/** What a kernel shows now is what was recorded of it; where several outcomes are allowed, one run need not show the same. */
const holdsRecording = async (kernel: string, rows: readonly Row[]): Promise<number> => {
  let held = 0;
  for (const driver of drivers) {
    const recording = await readRecording(recordingUrl(driver.scenarios, kernel));
    for (const { name, outcomes: recorded } of recording?.scenarios ?? []) {
      const row = rows.find((one) => one.driver === driver.name && one.name === name);
      const { verdict, outcomes = [], reason = '', differences = [] } = row ?? {};
      expect({ name, verdict, reason: verdict === 'agree' ? '' : reason, differences }).toEqual({
        name,
        verdict: 'agree',
        reason: '',
        differences: [],
      });
      const allowed = outcomes.filter((outcome) => outcome.allowed).map(({ value }) => canonical(value));
      const shown = outcomes.filter(({ seen }) => seen > 0).map(({ value }) => canonical(value));
      const before = recorded.map(({ value }) => canonical(value));
      if (allowed.length === 1) expect({ name, shown }).toEqual({ name, shown: before });
      else expect({ name, allowed }).toEqual({ name, allowed: expect.arrayContaining([...before, ...shown]) });
      held++;
    }
  }
  return held;
};

describe('mpath verify', () => {
  // A machine lost to the emulator is tried once more by the command itself, and counted.
  it.each(['7.3', '6.12', '6.1'])(
    'holds Linux %s to its models and to its recordings, of every driver',
    async (name) => {
      const { code, out, err } = await verify(['--kernel', name]);
      if (out === '') throw new Error(`mpath verify ended with ${String(code)}: ${err}`);
      const { kernels, summary } = verifySchema.parse(JSON.parse(out));
      expect(kernels.flatMap((kernel) => kernel.scenarios.filter(isTrouble))).toEqual([]);
      expect({ code, err }).toMatchObject({ code: 0 });
      expect(summary).toMatchObject({ diverge: 0, fault: 0, error: 0, tooLoose: 0, notRun: 0 });
      const [kernel, ...others] = kernels;
      expect(kernel).toMatchObject({ name, release: expect.stringContaining(name), bootSeconds: expect.any(Number) });
      // What the cloud flavour was built without is shown by the generic one, where that is to be had.
      expect([[], [`${name}-generic`]]).toContainEqual(others.map((other) => other.name));
      let held = 0;
      for (const one of kernels) held += await holdsRecording(one.name, one.scenarios);
      // Whatever agrees was recorded, and there is something that does.
      expect(held).toBe(summary.agree);
      expect(held).toBeGreaterThan(10);
    },
  );

  it('exits 1 on a booted kernel when a line of its model is wrong', async () => {
    const folder = join(root, 'test', 'wrong-lines', 'alternation-order');
    const { code, out, err } = await verify(['round-robin-alternates', '--kernel', '7.3'], folder);
    expect({ code, err }).toMatchObject({ code: 1 });
    const [kernel] = verifySchema.parse(JSON.parse(out)).kernels;
    expect(kernel?.accelerator).not.toBe('recorded');
    expect(kernel?.scenarios).toMatchObject([
      {
        name: 'round-robin-alternates',
        verdict: 'diverge',
        differences: [{ observation: 'paths-of node-0', kernel: ['c1', 'c0', 'c1'], model: [['c0', 'c1', 'c0']] }],
      },
    ]);
  });
});

describe('a machine that boots', () => {
  const boot = async () => {
    const running = startMpath(['verify', 'last-path-removed', '--kernel', '7.3'], { cwd: root, env: env() });
    const pids = await lookUntil(machines(), (found) => found.length > 0, 120_000);
    expect(pids).not.toEqual([]);
    return running;
  };
  const left = (): Promise<readonly number[]> => lookUntil(machines(), (found) => found.length === 0, 30_000);

  it('is ended with its folder by Ctrl-C: exit 130, and a line says so', async () => {
    const running = await boot();
    running.kill('SIGINT');
    const { code, out } = await running.ended;
    expect(code).toBe(130);
    expect(out).toContain('stopped by SIGINT\n');
    expect(await left()).toEqual([]);
    expect(await machineFolders()).toEqual([]);
  });

  it('ends when the command is killed', async () => {
    const running = await boot();
    running.kill('SIGKILL');
    expect((await running.ended).code).toBeNull();
    expect(await left()).toEqual([]);
  });
});
