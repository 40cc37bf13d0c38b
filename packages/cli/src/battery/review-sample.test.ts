// SPDX-License-Identifier: GPL-2.0-only
import { explore, sample } from '@libmultipath/checker';
import { plainDriver } from '@libmultipath/driver-kit';
import type { Report } from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { checkedProgram } from '../check/check-program.js';
import { modelOf } from '../check/models.js';
import type { Chosen } from '../selection.js';
import { selectBattery } from './select-battery.js';

/*
 * Defects of the posted series that are known, each found by a shape that was made for no defect: on the
 * revisions named, under the plain driver, and not on fixed within the same bound. (R-11 and R-12
 * are defects of drivers: they stand with those.)
 */

/** New and repeated steps of a search: all of these shapes are small, or show what they have early. */
const MAX_STEPS = 60_000;

const shapes = await selectBattery({ drivers: [], errors: [], file: '', root: '/' }, [], plainDriver.name);

const shapeNamed = (name: string): Chosen => {
  const found = shapes.find(({ scenario }) => scenario.name === name);
  if (found === undefined) throw new Error(`there is no shape ${name}`);
  return found;
};

/** What a search of the shape on a revision reports, as `class: message`. */
const shown = (shape: string, revision: string): readonly string[] => {
  const chosen = shapeNamed(shape);
  const profile = modelOf(chosen.driver, { revision, remedies: [] });
  if (profile === undefined) throw new Error(`there is no model ${revision}`);
  const { reports } = explore(checkedProgram(chosen, profile), { maxSteps: MAX_STEPS });
  return reports.map(({ report }: { readonly report: Report }) => `${report.class}: ${report.message}`);
};

/** Schedules drawn by chance, a hundred at a time, and how many at most. */
const DRAWN = 100;
const MOST_DRAWN = 1_000;

/** As {@link shown}, of schedules drawn by chance until one shows it: for what a search comes to late. */
const drawn = (shape: string, revision: string, shows: RegExp): readonly string[] => {
  const chosen = shapeNamed(shape);
  const profile = modelOf(chosen.driver, { revision, remedies: [] });
  if (profile === undefined) throw new Error(`there is no model ${revision}`);
  const all: string[] = [];
  for (let first = 0; first < MOST_DRAWN && !all.some((text) => shows.test(text)); first += DRAWN) {
    const { reports } = sample(checkedProgram(chosen, profile), { method: 'pos', seed: 1, first, schedules: DRAWN });
    all.push(...reports.map(({ report }: { readonly report: Report }) => `${report.class}: ${report.message}`));
  }
  return all;
};

interface Known {
  readonly id: string;
  readonly on: readonly string[];
  readonly shape: string;
  readonly shows: RegExp;
}

const known: readonly Known[] = [
  {
    id: 'R-01: the disk puts a reference on the head that it never took',
    on: ['v1'],
    shape: 'without-handover',
    shows: /^use-after-free: KASAN: slab-use-after-free in mpath_put_head/,
  },
  {
    id: 'R-02: set_live looks through the disk before it looks at it',
    on: ['v1'],
    shape: 'without-disk',
    shows: /^null-dereference: .* in mpath_device_set_live/,
  },
  {
    id: 'R-03: the candidates of the full scan are not initialised',
    on: ['v1'],
    shape: 'submit-against-remove',
    shows: /^uninitialised: BUG: KMSAN: uninit-value in mpath_bdev_submit_bio/,
  },
  {
    id: 'R-04: what clone_bio gives is not looked at',
    on: ['v1'],
    shape: 'allocation-failure-during-removal',
    shows: /^null-dereference: .* in mpath_bdev_submit_bio, field bi_iter/,
  },
  {
    id: 'R-05: nobody sets drv_module but the driver',
    on: ['v1', 'v2', 'v3'],
    shape: 'module-of-a-careless-driver',
    shows: /^module: BUG: unable to handle page fault .* \(unloaded\)/,
  },
  {
    id: 'R-06: the end of the disk flushes nothing',
    on: ['v1'],
    shape: 'first-path-goes-at-once',
    shows: /^use-after-free: ODEBUG: free active .* hint: partition_scan_work/,
  },
  {
    id: 'R-07: a path that comes back calls the removal off, but the module stays pinned',
    on: ['v1'],
    shape: 'last-path-returns-again',
    shows: /^module: WARNING: module plain has \d references, expected 0/,
  },
  {
    id: 'R-08: a char device that was never made is deleted',
    on: ['v1', 'v2'],
    shape: 'allocation-failure-at-start',
    shows: /^stale-state: WARNING: device_del: .* was never added/,
  },
  {
    id: 'R-09: the last put uses a head that its waiter frees',
    on: ['v3'],
    shape: 'close-against-teardown',
    shows: /^use-after-free: KASAN: slab-use-after-free in mpath_put_head/,
  },
];

describe.each(known)('$id', ({ on, shape, shows }) => {
  it.each(on)('is found on %s', (revision) => {
    expect(shown(shape, revision)).toContainEqual(expect.stringMatching(shows));
  });

  it('is not on fixed', () => {
    expect(shown(shape, 'fixed')).not.toContainEqual(expect.stringMatching(shows));
  });
});

describe('R-10: a removal that is pending is armed again with a second module reference', () => {
  const shape = 'failed-probe-as-the-last-path-leaves';
  const shows = /^module: WARNING: module plain has \d references, expected 0/;

  it('is found on v3', () => {
    expect(drawn(shape, 'v3', shows)).toContainEqual(expect.stringMatching(shows));
  });

  it('is not on fixed', () => {
    expect(drawn(shape, 'fixed', shows)).not.toContainEqual(expect.stringMatching(shows));
  });
});
