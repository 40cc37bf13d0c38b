// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { remedies as ofLibrary } from '@libmultipath/driver-kit';
import { describe, expect, it } from 'vitest';
import { fixedTemplateParts, templatePartsWith, templateRemedies } from './remedies.js';
import { v3TemplateParts } from './parts.js';

const page = (name: string): URL => new URL(`../../../../docs/remedies/${name}.md`, import.meta.url);

describe('the remedies of the driver', () => {
  it.each(templateRemedies.map(({ name }) => name))('%s has a page that says what it removes and costs', (name) => {
    const text = readFileSync(page(name), 'utf8');
    const titles = text.split('\n').filter((line) => line.startsWith('#'));
    expect(titles).toEqual([`# ${name}`, '## Removes', '## Costs', '## In C', '## Differs from v3']);
  });

  it('change one part each, no two the same, and no name of the library’s', () => {
    const parts = templateRemedies.flatMap(({ change }) => Object.keys(change));
    expect(new Set(parts).size).toBe(templateRemedies.length);
    expect(parts.length).toBe(templateRemedies.length);
    const names = [...templateRemedies, ...ofLibrary].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('make v3 of none of them and fixed of all', () => {
    expect(templatePartsWith([])).toEqual(v3TemplateParts);
    expect(templatePartsWith(templateRemedies.map(({ name }) => name))).toEqual(fixedTemplateParts);
    expect(() => templatePartsWith(['no-such'])).toThrow(expect.objectContaining({ code: 'LMP-251' }));
  });
});
