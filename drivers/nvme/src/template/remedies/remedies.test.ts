// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { libraryModel } from '../../library-models.js';
import { revision, type Profile } from '../testing/user.js';
import { nvmeRemedies } from './catalogue.js';
import { remedyShapes } from './shapes.test.kit.js';

const names = nvmeRemedies.map(({ name }) => name);
const page = (name: string): URL => new URL(`../../../../../docs/remedies/${name}.md`, import.meta.url);

describe('each remedy of the driver’s own', () => {
  it.each(names)(
    '%s removes what it says, alone and among the others, and no other does',
    { timeout: 240_000 },
    (name) => {
      const shape = remedyShapes[name];
      if (shape === undefined) throw new Error(`no shape for ${name}`);
      const on = (profile: Profile): string[] => [...shape.found(profile)].sort();
      expect(on(revision('v3'))).toEqual(shape.finds);
      expect(on(libraryModel([name]))).toEqual([]);
      expect(on(revision('fixed'))).toEqual([]);
      expect(on(libraryModel(names.filter((other) => other !== name)))).toEqual(shape.finds);
    },
  );

  it.each(nvmeRemedies)('$name has a page that says what it removes, what it costs and how it looks in C', (remedy) => {
    expect(existsSync(page(remedy.name))).toBe(true);
    const text = readFileSync(page(remedy.name), 'utf8');
    for (const heading of ['## Removes', '## Costs', '## In C', '## Differs from v3']) expect(text).toContain(heading);
    expect(text.replace(/\s+/g, ' ')).toContain(remedy.inC);
    for (const id of remedy.removes) expect(text.replace(/\s+/g, ' ')).toContain(id);
  });

  it('is known by its name alone, beside those of the library', () => {
    expect(new Set(names).size).toBe(names.length);
    expect(libraryModel(['init-sets-module', ...names]).name).toBe(['v3', 'init-sets-module', ...names].join('+'));
    expect(() => libraryModel(['no-such'])).toThrow(/LMP-101|expected one of/);
  });
});
