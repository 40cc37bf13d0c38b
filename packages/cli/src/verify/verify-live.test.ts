// SPDX-License-Identifier: GPL-2.0-only
import type { AnyDriver, ReportEvent } from '@libmultipath/contract';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LmpError } from '@libmultipath/errors';
import { exitCode } from '@libmultipath/report';
import { loadScenarios } from '@libmultipath/scenario';
import { toyDriver } from '@libmultipath/scenario/testing/toy-driver';
import { describe, expect, it } from 'vitest';
import { catalogues } from '../catalogues.js';
import { explorerHere } from '../explorer.js';
import { ToyLaboratory, type ToyMachineOptions } from '../testing/toy-laboratory.js';
import { Artifacts } from './artifacts.js';
import { Tally } from './tally.js';
import { verifyLive, type LiveOptions } from './verify-live.js';

interface Setup extends Partial<
  Pick<LiveOptions, 'runs' | 'repeat' | 'width' | 'catalogues' | 'signal' | 'over' | 'artifacts' | 'revision'>
> {
  readonly release?: string;
  readonly machines?: readonly ToyMachineOptions[];
  readonly only?: readonly string[];
  readonly driver?: AnyDriver;
}

const verify = async ({ release = '2.0.1', machines, only, driver = toyDriver, ...more }: Setup = {}) => {
  const lab = new ToyLaboratory(release, machines);
  const tally = new Tally();
  const events: ReportEvent[] = [];
  const loaded = await loadScenarios(toyDriver.scenarios, [driver], { show: (path) => path.split('/').at(-1) ?? '' });
  const chosen = loaded
    .filter(({ scenario }) => only?.includes(scenario.name) ?? true)
    .map((one) => ({ ...one, driver }));
  const run = verifyLive({
    lab,
    explorer: explorerHere([driver]),
    drivers: [driver],
    catalogues,
    kernels: [{ kind: 'name', name: 'toy' }],
    chosen,
    runs: 1,
    repeat: 1,
    width: 2,
    report: (event) => events.push(event),
    signal: new AbortController().signal,
    now: () => 0,
    tally,
    ...more,
  });
  await run;
  const document = tally.document();
  const rows = Object.fromEntries((document.kernels[0]?.scenarios ?? []).map((row) => [row.name, row]));
  const verdicts = Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, row.verdict]));
  expect(lab.live).toBe(0);
  return { lab, tally, document, rows, verdicts, events, exit: exitCode(document) };
};
const fault = new LmpError('LMP-720', { message: 'kernel fault in the guest: BUG' });
const all = ['one-press', 'racing-presses', 'remembered', 'return-first'];

describe('a kernel', () => {
  it('agrees where everything it shows is allowed; equal machines share a boot', async () => {
    const { verdicts, exit, lab, document } = await verify();
    expect(verdicts).toEqual(Object.fromEntries(all.map((name) => [name, 'agree'])));
    expect(exit).toBe(0);
    expect(lab.boots).toBe(2);
    expect(document.kernels[0]).toMatchObject({ name: '2.0', release: '2.0.1', accelerator: 'tcg', bootSeconds: 1 });
    expect(document.summary).toMatchObject({ agree: 4, observations: 7 });
  });

  it('is not asked for what its version does not have, and the reason says since when', async () => {
    const { rows, exit } = await verify({ release: '1.4' });
    expect(rows['racing-presses']).toMatchObject({
      verdict: 'unsupported',
      reason: 'needs memory (remembers the last button, since 2.0), which 1.0 does not have',
    });
    expect(exit).toBe(0);
  });

  it('of which there is no model is compared with nothing: exit 2', async () => {
    const { rows, exit, lab } = await verify({ release: '3.0' });
    expect(rows['one-press']?.reason).toBe('the driver toy has no model of Linux 3.0, only of 1.0, 2.0');
    expect([exit, lab.boots]).toEqual([2, 0]);
  });

  it('diverges from a model with a wrong line, with observation, both values and place', async () => {
    const models = toyDriver.models.map((profile) => ({
      ...profile,
      makeWorld: (topology: never) => Object.assign(profile.makeWorld(topology), { press: () => undefined }),
    }));
    const { rows, exit } = await verify({ driver: { ...toyDriver, models }, only: ['one-press'] });
    expect(rows['one-press']).toMatchObject({
      verdict: 'diverge',
      differences: [{ observation: 'total', model: [0], kernel: 1, file: 'one-press.scenario.yaml', line: 9 }],
    });
    expect(exit).toBe(1);
  });

  it('may show any of several allowed outcomes', async () => {
    const race = (buttons: readonly string[]) => buttons.toReversed();
    const { rows } = await verify({ machines: [{ race }], only: ['racing-presses'], runs: 3 });
    expect(rows['racing-presses']).toMatchObject({
      verdict: 'agree',
      runs: 3,
      outcomes: [
        { value: { last: 'a' }, seen: 3 },
        { value: { last: 'b' }, seen: 0 },
      ],
    });
  });
});

describe('a machine', () => {
  it('that had a kernel fault is replaced, and only that row is a fault', async () => {
    const failing = { failsAt: { path: '/do/press', error: fault } };
    const { verdicts, exit, lab, document } = await verify({
      machines: [failing, failing, {}],
      only: ['one-press', 'racing-presses'],
    });
    expect(verdicts).toEqual({ 'one-press': 'kernel-fault', 'racing-presses': 'agree' });
    expect([exit, lab.boots]).toEqual([3, 3]);
    expect(document.kernels[0]?.incidents).toMatchObject([{ kind: 'fault', scenario: 'one-press', again: true }]);
  });

  it.each([
    ['had a kernel fault that does not come again', fault, 'fault'],
    ['stood still', new LmpError('LMP-712', { message: 'no answer' }), 'silent'],
    ['was gone', new LmpError('LMP-703', { message: 'QEMU ended' }), 'silent'],
  ])('that %s is run once more, counted and told; the verdict is the second one’s', async (_what, error, kind) => {
    const { verdicts, exit, document, events, lab } = await verify({
      machines: [{ failsAt: { path: '/do/press', error } }, {}],
      only: ['one-press'],
    });
    expect(verdicts).toEqual({ 'one-press': 'agree' });
    expect([exit, lab.boots]).toEqual([0, 2]);
    expect(document.summary.incidents).toBe(1);
    expect(document.kernels[0]?.incidents).toMatchObject([{ kind, scenario: 'one-press', again: false }]);
    expect(events).toContainEqual({ type: 'note', text: expect.stringContaining('(not again)') });
  });

  it('that failed to boot once is counted where the second boot came up', async () => {
    const before = { kind: 'silent', detail: 'LMP-704: not ready' } as const;
    const { document, verdicts } = await verify({ machines: [{ before }], only: ['one-press'] });
    expect(verdicts).toEqual({ 'one-press': 'agree' });
    expect(document.kernels[0]?.incidents).toEqual([{ ...before, again: false }]);
  });

  it('that ran out of memory is an error that says so, and is not tried again', async () => {
    const error = new LmpError('LMP-721', { message: 'the guest ran out of memory: Out of memory: Killed process 1' });
    const { rows, exit, lab, document } = await verify({
      machines: [{ failsAt: { path: '/do/press', error } }, {}],
      only: ['one-press', 'racing-presses'],
    });
    expect(rows['one-press']).toMatchObject({ verdict: 'error', reason: expect.stringContaining('LMP-721') });
    expect(rows['racing-presses']?.verdict).toBe('agree');
    expect([exit, lab.boots, document.summary.incidents]).toEqual([2, 2, undefined]);
  });

  it('whose fault comes to light at its end gives it to the last scenario', async () => {
    const { verdicts } = await verify({
      machines: [{ lateFaults: ['WARNING: x'] }],
      only: ['one-press', 'racing-presses'],
    });
    expect(verdicts).toEqual({ 'one-press': 'agree', 'racing-presses': 'kernel-fault' });
  });

  it('whose late fault does not come again is counted, and the second run stands', async () => {
    const { verdicts, document } = await verify({
      machines: [{ lateFaults: ['WARNING: x'] }, {}],
      only: ['one-press', 'racing-presses'],
    });
    expect(verdicts).toEqual({ 'one-press': 'agree', 'racing-presses': 'agree' });
    expect(document.kernels[0]?.incidents).toEqual([
      { kind: 'fault', scenario: 'racing-presses', detail: 'WARNING: x', again: false },
    ]);
  });

  it('that cannot be cleaned is thrown away for a fresh one', async () => {
    const { verdicts, lab, document, events, exit } = await verify({
      machines: [{ resetFailsFrom: 2 }],
      only: ['one-press', 'racing-presses'],
    });
    expect(verdicts).toEqual({ 'one-press': 'agree', 'racing-presses': 'agree' });
    expect([lab.boots, exit]).toEqual([2, 0]);
    // Named is who left it so, not who came after.
    expect(document.kernels[0]?.incidents).toEqual([
      { kind: 'dirty', scenario: 'one-press', detail: 'busy', again: false },
    ]);
    expect(events).toContainEqual({
      type: 'note',
      text: expect.stringMatching(/one-press: left the machine dirty .*: busy$/),
    });
  });

  it('that never can be cleaned is an error, not agreement', async () => {
    const { rows, exit } = await verify({ machines: [{ resetFailsFrom: 1 }], only: ['one-press'] });
    expect(rows['one-press']).toMatchObject({ verdict: 'error', reason: 'busy' });
    expect(exit).toBe(2);
  });

  it('that does not boot is tried once for all scenarios that need it', async () => {
    const bootFails = new LmpError('LMP-704', { message: 'not ready' });
    const { verdicts, lab } = await verify({ machines: [{ bootFails }], only: ['one-press', 'racing-presses'] });
    expect(verdicts).toEqual({ 'one-press': 'error', 'racing-presses': 'error' });
    expect(lab.boots).toBe(1);
  });

  it('that cannot be had at all ends the command', async () => {
    const bootFails = new LmpError('LMP-701', { message: 'no QEMU' });
    await expect(verify({ machines: [{ bootFails }] })).rejects.toBe(bootFails);
  });

  it('without a module makes the row unsupported', async () => {
    const bootFails = new LmpError('LMP-806', { message: 'no module toy' });
    const { rows } = await verify({ machines: [{ bootFails }], only: ['one-press'] });
    expect(rows['one-press']).toMatchObject({ verdict: 'unsupported', reason: 'LMP-806: no module toy' });
  });

  it('whose kernel a driver cannot use makes the row unsupported, by the mark of the number', async () => {
    const error = new LmpError('LMP-299', { message: 'no such driver' });
    const driver = { ...toyDriver, guest: { ...toyDriver.guest, open: () => Promise.reject(error) } };
    const entry = { title: 't', explain: 'e', exit: 2 } as const;
    const marked = await verify({
      driver,
      only: ['one-press'],
      catalogues: [{ 'LMP-299': { ...entry, unsupported: true } }],
    });
    const plain = await verify({ driver, only: ['one-press'], catalogues: [{ 'LMP-299': entry }] });
    expect([marked.rows['one-press']?.verdict, plain.rows['one-press']?.verdict]).toEqual(['unsupported', 'error']);
  });

  it('that cannot be made of a topology makes the row unsupported, and the others run', async () => {
    const error = new LmpError('LMP-299', { message: 'too many buttons' });
    const lower: AnyDriver['guest']['lower'] = (topology) => {
      if (lowered++ === 0) throw error;
      return toyDriver.guest.lower(topology as never); // the toy's own schema gave it
    };
    let lowered = 0;
    const { verdicts, rows, exit } = await verify({
      driver: { ...toyDriver, guest: { ...toyDriver.guest, lower } },
      only: ['one-press', 'racing-presses'],
    });
    expect(Object.values(verdicts).toSorted()).toEqual(['agree', 'unsupported']);
    expect(Object.values(rows).find(({ verdict }) => verdict === 'unsupported')?.reason).toBe(error.format());
    expect(exit).toBe(0);
  });

  it('is fresh for each repetition', async () => {
    const { rows, lab } = await verify({ only: ['one-press'], runs: 2, repeat: 3 });
    expect([rows['one-press']?.runs, lab.boots]).toEqual([6, 3]);
  });
});

describe('a demanded order', () => {
  const timed = (expiresFirst: (seconds: number) => boolean) =>
    verify({ machines: [{ expiresFirst }], only: ['return-first'] });

  it('that does not come is asked for with a doubled window, twice', async () => {
    const asked: number[] = [];
    const { verdicts } = await timed((seconds) => {
      asked.push(seconds);
      return seconds < 8;
    });
    expect(asked).toEqual([2, 4, 8]);
    expect(verdicts).toEqual({ 'return-first': 'agree' });
  });

  it('that never comes is an error, and nothing of it is kept for a recording', async () => {
    const { rows, exit, tally } = await timed(() => true);
    expect(rows['return-first']).toMatchObject({ verdict: 'error' });
    expect(rows['return-first']?.reason).toMatch(/^LMP-506: .*\["expired","returned"\]/);
    expect(exit).toBe(2);
    expect(tally.kept(0, 'toy').size).toBe(0);
  });
});

it('a step that fails in the guest is an error with its place, and leaves the machine to nobody', async () => {
  const { rows, lab } = await verify({ machines: [{ broken: 'press' }, {}], only: ['one-press', 'racing-presses'] });
  expect(rows['one-press']).toMatchObject({ verdict: 'error' });
  expect(rows['one-press']?.reason).toContain('LMP-420: one-press.scenario.yaml:8:5');
  expect(rows['racing-presses']?.verdict).toBe('agree');
  expect(lab.boots).toBe(2);
});

it('nothing is booted nor reported after the run was stopped', async () => {
  const stop = new AbortController();
  stop.abort();
  const { lab, document } = await verify({ signal: stop.signal });
  expect(lab.boots).toBe(0);
  expect(document.kernels[0]?.scenarios).toEqual([]);
});

it('what is not begun when the time is over is not run: exit 4, and a finding still counts', async () => {
  const { verdicts, exit, lab, rows } = await verify({ over: AbortSignal.abort() });
  expect(verdicts).toEqual(Object.fromEntries(all.map((name) => [name, 'not-run'])));
  expect(rows['one-press']?.reason).toBe('the time was over before it was begun');
  expect([exit, lab.boots]).toEqual([4, 0]);
});

it('artifacts hold the console, the trace and the row of each scenario', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'mpath-artifacts-'));
  try {
    const { rows } = await verify({ artifacts: new Artifacts(dir), only: ['one-press', 'racing-presses'] });
    const folder = join(dir, '2.0.1', 'toy');
    expect(await readdir(folder)).toEqual(['one-press', 'racing-presses']);
    const of = (scenario: string, file: string) => readFile(join(folder, scenario, file), 'utf8');
    expect(await of('one-press', 'console.log')).toBe('Linux version 2.0.1\n');
    expect(await of('racing-presses', 'console.log')).toBe('');
    for (const scenario of ['one-press', 'racing-presses']) {
      expect(await of(scenario, 'trace.jsonl')).toContain('"path":"/do/press"');
      expect(JSON.parse(await of(scenario, 'report.json'))).toEqual(rows[scenario]);
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

describe('a kernel that has the library', () => {
  const models = toyDriver.models.map(
    (profile) => ({ ...profile, kind: 'library', name: `v${profile.name}` }) as const,
  );
  const driver = { ...toyDriver, models };
  const symbols = '0000000000000000 t mpath_add_disk\n0000000000000000 T mpath_add_device\n';

  it('is compared with the revision that is named, whatever its release', async () => {
    const machines = [{ kallsyms: symbols }];
    const { rows } = await verify({ driver, machines, revision: 'v2.0', release: '9.9.9', only: ['racing-presses'] });
    expect(rows['racing-presses']).toMatchObject({ verdict: 'agree', model: 'v2.0' });
  });

  it('is known by its symbols: another one is not compared, whatever it shows', async () => {
    const machines = [{ kallsyms: symbols.replace('mpath_add_device', 'mpath_add_device2') }];
    const { rows, exit, lab } = await verify({ driver, machines, revision: 'v2.0', only: ['one-press'] });
    expect(rows['one-press']).toMatchObject({ verdict: 'unsupported' });
    expect(rows['one-press']?.reason).toMatch(/^LMP-917: Linux 2\.0\.1: expected mpath_add_device in \/proc\/kallsyms/);
    expect([exit, lab.boots]).toEqual([2, 1]);
  });

  it('is compared with no revision that a driver does not model, and none is booted for it', async () => {
    const { rows, lab } = await verify({ driver, revision: 'v9', only: ['one-press'] });
    expect(rows['one-press']?.reason).toBe('the driver toy has no model of v9, only of v1.0, v2.0');
    expect(lab.boots).toBe(0);
  });
});
