// SPDX-License-Identifier: GPL-2.0-only
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { recordingUrl, withRecorded, writeRecording } from '@libmultipath/conformance';
import type { AnyDriver, ReportEvent } from '@libmultipath/contract';
import { LmpError } from '@libmultipath/errors';
import { loadScenarios } from '@libmultipath/scenario';
import { toyDriver } from '@libmultipath/scenario/testing/toy-driver';
import type { Kernel, KernelRequest } from '@libmultipath/vm-images';
import { describe, expect, it } from 'vitest';
import { catalogues } from '../catalogues.js';
import { explorerHere } from '../explorer.js';
import { ToyLaboratory } from '../testing/toy-laboratory.js';
import { genericOf, onlyGeneric } from './flavour.js';
import { Tally } from './tally.js';
import { verifyLive } from './verify-live.js';
import { verifyRecorded } from './verify-recorded.js';

/** A driver whose cloud flavour is the older model, which lacks what one scenario needs. */
const driver: AnyDriver = {
  ...toyDriver,
  profileFor: (release: string) => (release.includes('-cloud-') ? '1.0' : '2.0'),
};
const loaded = await loadScenarios(toyDriver.scenarios, [driver], { show: (path) => path.split('/').at(-1) ?? '' });
const chosen = loaded.map((one) => ({ ...one, driver }));
const APART = chosen.filter(({ scenario }) => scenario.needs.length > 0).map(({ scenario }) => scenario.name);

const releases: Readonly<Record<string, string>> = { '2.0': '2.0.1-cloud-amd64', '2.0-generic': '2.0.1-amd64' };

class TwoFlavours extends ToyLaboratory {
  readonly asked: string[] = [];

  constructor(private readonly refused?: string) {
    super('2.0.1');
  }

  override kernel(request?: KernelRequest): Promise<Kernel> {
    const name = request?.kind === 'name' ? request.name : '';
    this.asked.push(name);
    if (name === this.refused) return Promise.reject(new LmpError('LMP-801', { message: 'no such kernel' }));
    const release = releases[name] ?? '';
    return Promise.resolve({ name, release, vmlinuzPath: '', builtin: new Set<string>(), contentKey: release });
  }
}

const verify = async (names: readonly string[], refused?: string) => {
  const lab = new TwoFlavours(refused);
  const tally = new Tally();
  const events: ReportEvent[] = [];
  await verifyLive({
    lab,
    explorer: explorerHere([driver]),
    drivers: [driver],
    catalogues,
    kernels: names.map((name) => ({ kind: 'name', name })),
    chosen,
    runs: 1,
    repeat: 1,
    width: 1,
    report: (event) => events.push(event),
    signal: new AbortController().signal,
    now: () => 0,
    tally,
  });
  const kernels = tally.document().kernels.map(({ name, scenarios }) => ({
    name,
    rows: scenarios.map((row) => `${row.name} ${row.verdict}`),
  }));
  return { kernels, tally, asked: lab.asked, notes: events.flatMap((one) => (one.type === 'note' ? [one.text] : [])) };
};

it('the generic flavour of a cloud kernel has its version; another kernel has none', () => {
  expect(genericOf({ name: '6.1', release: '6.1.0-50-cloud-amd64' })).toEqual({
    name: '6.1-generic',
    release: '6.1.0-50-amd64',
  });
  expect(genericOf({ name: '6.1-generic', release: '6.1.0-50-amd64' })).toBeUndefined();
});

it('only what the kernel itself cannot show is for its generic flavour', () => {
  const names = onlyGeneric({ name: '2.0', release: '2.0.1-cloud-amd64' }, chosen).map(({ scenario }) => scenario.name);
  expect(names).toEqual(APART);
  expect(names.length).toBeGreaterThan(0);
});

describe('a kernel that was asked for by name', () => {
  it('shows the rest on its generic flavour, each scenario once', async () => {
    const { kernels, asked } = await verify(['2.0']);
    expect(asked).toEqual(['2.0', '2.0-generic']);
    expect(kernels.map(({ name }) => name)).toEqual(['2.0', '2.0-generic']);
    expect(kernels[1]?.rows).toEqual(APART.map((name) => `${name} agree`));
    expect(kernels[0]?.rows).toHaveLength(chosen.length - APART.length);
    expect(kernels[0]?.rows.join()).not.toContain('unsupported');
  });

  it('leaves that to a generic flavour that was asked for as well', async () => {
    const { kernels, asked } = await verify(['2.0', '2.0-generic']);
    expect(asked).toEqual(['2.0', '2.0-generic']);
    expect(kernels.map(({ rows }) => rows.length)).toEqual([chosen.length, chosen.length]);
  });

  it('says which scenarios nothing shows where the flavour is not to be had', async () => {
    const { kernels, notes } = await verify(['2.0'], '2.0-generic');
    expect(kernels).toHaveLength(1);
    expect(kernels[0]?.rows.filter((row) => row.endsWith('unsupported'))).toHaveLength(APART.length);
    expect(notes).toEqual([`2.0: without 2.0-generic (no such kernel) nothing shows ${APART.join(', ')}`]);
  });
});

describe('recordings of both flavours', () => {
  it('are compared as the machines were: each scenario once', async () => {
    const { tally: seen } = await verify(['2.0']);
    const dir = await mkdtemp(join(tmpdir(), 'mpath-flavour-'));
    const recorded: AnyDriver = { ...driver, scenarios: pathToFileURL(`${dir}/`) };
    try {
      for (const [id, name] of ['2.0', '2.0-generic'].entries()) {
        const recording = withRecorded(undefined, name, releases[name] ?? '', seen.kept(id, driver.name));
        await writeRecording(recordingUrl(recorded.scenarios, name), recording);
      }
      const tally = new Tally();
      await verifyRecorded({
        explorer: explorerHere([driver]),
        drivers: [recorded],
        kernels: ['2.0'],
        chosen: chosen.map((one) => ({ ...one, driver: recorded })),
        report: () => undefined,
        now: () => 0,
        tally,
      });
      const { kernels } = tally.document();
      expect(kernels.map(({ name, scenarios }) => [name, scenarios.length])).toEqual([
        ['2.0', chosen.length - APART.length],
        ['2.0-generic', APART.length],
      ]);
      expect(kernels[1]?.scenarios.map(({ verdict }) => verdict)).toEqual(APART.map(() => 'agree'));
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
