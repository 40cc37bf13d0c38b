// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync } from 'node:fs';
import { submit_bio, type MachineEvent } from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { remedyShapes } from '../testing/remedy-shapes.js';
import { runWith, seeded } from '../testing/schedules.js';
import { newBio, toyOn, usable } from '../testing/toy-driver.js';
import { libV3, type LibV3 } from '../v3/make-v3.js';
import { remedies } from './catalogue.js';
import { libFixed, libWith } from './make-fixed.js';

const names = remedies.map(({ name }) => name);
const page = (name: string): URL => new URL(`../../../../docs/remedies/${name}.md`, import.meta.url);

describe('each remedy', () => {
  it.each(names)('%s removes what it says, alone and among the others, and nothing else does', (name) => {
    const known = remedyShapes[name];
    if (known === undefined) throw new Error(`no shape for ${name}`);
    const { shape, finds } = known;
    expect([...shape(libV3)]).toEqual([finds]);
    expect([...shape(libWith([name]))]).toEqual([]);
    expect([...shape(libFixed)]).toEqual([]);
    expect([...shape(libWith(names.filter((other) => other !== name)))]).toEqual([finds]);
  });

  it.each(remedies)('$name has a page that says what it removes, what it costs and how it looks in C', (remedy) => {
    expect(existsSync(page(remedy.name))).toBe(true);
    const text = readFileSync(page(remedy.name), 'utf8');
    for (const heading of ['## Removes', '## Costs', '## In C', '## Differs from v3']) expect(text).toContain(heading);
    expect(text.replace(/\s+/g, ' ')).toContain(remedy.inC);
    for (const id of remedy.removes) expect(text).toContain(id);
  });

  it('is known by its name alone', () => {
    expect(new Set(names).size).toBe(names.length);
    expect(() => libWith(['no-such'])).toThrow(/expected one of init-sets-module/);
    expect(libWith(['rearming-puts-module', 'rearming-puts-module']).revision).toBe('v3+rearming-puts-module');
  });
});

/** What submitting `bios` bios costs, from the submitter's first step to its last. */
const submitting = (lib: LibV3, policy: 0 | 1 | 2, bios: number): MachineEvent[] => {
  const seen: MachineEvent[] = [];
  runWith(
    (machine) => {
      machine.spawn('driver', function* () {
        const { disk } = yield* toyOn(lib).makeLiveHead([usable, usable, usable, usable], policy);
        for (let sector = 0; sector < bios; sector++) {
          machine.spawn(`submitter ${String(sector)}`, () => submit_bio(newBio(disk, [], sector)));
        }
      });
    },
    seeded(7),
    { onEvent: (event) => event.task.name.startsWith('submitter') && seen.push(event) },
  );
  return seen;
};

describe('submitting a bio on fixed', () => {
  it.each([0, 1, 2] as const)('takes no lock and waits for no grace period that v3 does not (policy %d)', (policy) => {
    const waits = (lib: LibV3): string[] =>
      submitting(lib, policy, 3)
        .map(({ step }) => step.op)
        .filter((op) => /lock|synchronize|wait/.test(op))
        .sort();
    expect(waits(libFixed)).toEqual(waits(libV3));
  });

  it.each([0, 1, 2] as const)('costs at most 1.1 times the steps of v3 (policy %d)', (policy) => {
    const steps = submitting(libFixed, policy, 10).length;
    const before = submitting(libV3, policy, 10).length;
    expect(before).toBeGreaterThanOrEqual(100);
    expect(steps).toBeLessThanOrEqual(1.1 * before);
  });
});
