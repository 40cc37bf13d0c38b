// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';

import { mayImport } from './rooms.mjs';
import { inSampleTree } from './sample-tree.js';

const copies = ['.dependency-cruiser.mjs', 'test/rooms.mjs'];
const rooms = Object.keys(mayImport).map((room) => room.replace('*', 'one'));
/** Every room has one file to be imported; paths are relative, so that nothing need be installed. */
const targets = Object.fromEntries(
  [...rooms, 'drivers/two'].map((room) => [`${room}/src/target.ts`, 'export const t = 1;\n']),
);
const manifest = { 'package.json': '{ "name": "sample", "type": "module" }' };

const up = (file: string): string => '../'.repeat(file.split('/').length - 1);
const importing = (file: string, target: string): string => `export { t } from '${up(file)}${target}';\n`;

interface Summary {
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

const violationsOf = (sample: Readonly<Record<string, string>>): string[] => {
  const { output } = inSampleTree(copies, { ...manifest, ...targets, ...sample }, [
    'depcruise',
    '--config',
    '.dependency-cruiser.mjs',
    '-T',
    'json',
    'packages',
    'drivers',
    'harness',
    'vm-images',
  ]);
  // The shape of dependency-cruiser's own JSON report; anything else throws here.
  const { summary } = JSON.parse(output) as Summary;
  return summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`).toSorted();
};

it('refuses exactly the arrows that the table does not draw', () => {
  const sample: Record<string, string> = {};
  const expected: string[] = [];
  for (const [row, allowed] of Object.entries(mayImport)) {
    const room = row.replace('*', 'one');
    for (const [index, other] of [...rooms, 'drivers/two'].entries()) {
      if (other === room) continue;
      const file = `${room}/src/from-${index}.ts`;
      const target = `${other}/src/target.ts`;
      sample[file] = importing(file, target);
      if (allowed === 'all' || other === 'packages/errors' || allowed.includes(other)) continue;
      expected.push(`room-${row.replaceAll('/', '-').replaceAll('*', 'any')}: ${file} → ${target}`);
    }
  }
  expect(expected.length).toBeGreaterThan(100);
  expect(violationsOf(sample)).toEqual(expected.toSorted());
});

it('keeps mainline, template, guest and environment of a driver apart', () => {
  const file = (folder: string): string => `drivers/one/src/${folder}/a.ts`;
  const from = (folder: string, to: string): Record<string, string> => ({
    [`drivers/one/src/${folder}/t.ts`]: 'export const t = 1;\n',
    [`drivers/one/src/${to}/t.ts`]: 'export const t = 1;\n',
    [file(folder)]: importing(file(folder), `drivers/one/src/${to}/t.ts`),
  });
  expect(
    violationsOf({
      ...from('environment', 'mainline'),
      ...from('mainline', 'template'),
      ...from('template', 'guest'),
      ...from('guest', 'mainline'),
    }),
  ).toEqual([
    'driver-environment: drivers/one/src/environment/a.ts → drivers/one/src/mainline/t.ts',
    'driver-guest: drivers/one/src/guest/a.ts → drivers/one/src/mainline/t.ts',
    'driver-mainline: drivers/one/src/mainline/a.ts → drivers/one/src/template/t.ts',
    'driver-template: drivers/one/src/template/a.ts → drivers/one/src/guest/t.ts',
  ]);
  expect(violationsOf(from('mainline', 'environment'))).toEqual([]);
});

it('refuses Node and foreign packages in the model, circles, dead ends and tests in what ships', () => {
  const found = violationsOf({
    'packages/kernel/src/clock.ts': "import { performance } from 'node:perf_hooks';\nexport const p = performance;\n",
    'packages/core/src/schema.ts': "import { z } from 'zod';\nexport const s = z.string();\n",
    'drivers/one/src/guest/run.ts': "import { execa } from 'execa';\nexport const e = execa;\n",
    'harness/src/a.ts': "export { b as a } from './b.js';\n",
    'harness/src/b.ts': "export { a as b } from './a.js';\n",
    'harness/src/lost.ts': "export { x } from './nowhere.js';\n",
    'harness/src/some.test.ts': 'export const t = 1;\n',
    'harness/src/leak.ts': "export { t } from './some.test.js';\n",
  }).map((line) => line.split(' → ')[0]);
  expect(found).toEqual(
    expect.arrayContaining([
      'model-is-pure: packages/kernel/src/clock.ts',
      'model-is-pure: packages/core/src/schema.ts',
      'driver-packages: drivers/one/src/guest/run.ts',
      'no-circle: harness/src/a.ts',
      'resolvable: harness/src/lost.ts',
      'no-tests-in-sources: harness/src/leak.ts',
    ]),
  );
});
