// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { templateShapeV3 } from '@libmultipath/core';
import { describe, expect, it } from 'vitest';
import { documented } from './cli-reference.js';
import { everyError } from './error-reference.js';
import { generatedPages } from './pages.js';
import { driversHere } from './scenario-reference.js';
import { membersOf } from './template-reference.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const written = (page: string): string => readFileSync(new URL(`../${page}`, import.meta.url), 'utf8');

it.each(Object.entries(generatedPages))(
  'docs/%s is up to date: node --conditions=@libmultipath/source --import tsx docs/generate/write.ts',
  (page, text) => {
    expect(written(page)).toBe(text(root));
  },
);

describe('the reference', () => {
  it('has every command, with what its options do, a real example and its exit codes', () => {
    const page = written('reference/cli.md');
    for (const { help, brief } of documented()) {
      const [, part = ''] = page.split(`## ${help.name}\n`);
      const [own = ''] = part.split('\n## ');
      expect(own).toContain(brief);
      expect(own).toMatch(/^Example: `.*mpath /m);
      for (const { name, brief: does } of help.options) {
        expect(own).toContain(`\`--${name}`);
        expect(`${help.name} --${name}: ${does}`).toMatch(/: ./);
      }
    }
  });

  it('has every word of every driver, with what it does and an example', () => {
    const page = written('reference/scenarios.md');
    for (const driver of driversHere) {
      for (const [name, { doc, example }] of Object.entries({ ...driver.steps, ...driver.observations })) {
        expect(page).toContain(`#### ${name}\n\n${doc}\n\n\`\`\`yaml\n- ${example}\n`);
      }
    }
  });

  it('says of every key of a topology what it is', () => {
    const bare = written('reference/scenarios.md')
      .split('### Topology of ')
      .slice(1)
      .flatMap((part) => part.split('\n### ')[0]?.split('\n') ?? [])
      // The kinds of a designator are named by what they are.
      .filter((line) => line.startsWith('| `') && / \|\s+\|$/.test(line) && !line.includes('.ids.'));
    expect(bare).toEqual([]);
  });

  it('has every callback of v3, with when, in which context, and the example that the driver kit runs', () => {
    const members = membersOf(readFileSync(`${root}/packages/core/src/v3/template.ts`, 'utf8'));
    const callbacks = [...templateShapeV3.mandatory, ...templateShapeV3.optional];
    expect(members.map(({ name }) => name).sort()).toEqual([...callbacks].sort());
    for (const { name, told, example } of members) {
      expect(`${name} ${told}`).toMatch(/When: [\s\S]*Context: /);
      expect(written('reference/template.md')).toContain(example ?? 'no example');
    }
  });

  it('has every error number', () => {
    const page = written('reference/errors.md');
    for (const number of Object.keys(everyError())) expect(page).toContain(`\n### ${number}\n`);
  });
});
