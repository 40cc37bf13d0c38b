// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { driverFiles } from '@libmultipath/scaffold';
import { describe, expect, it } from 'vitest';
import { driverGenerator, scenarioGenerator } from './index.js';

const root = new URL('../', import.meta.url);

describe('nx g @libmultipath/nx-plugin:driver', () => {
  it('writes what `mpath new driver` writes, into the folder that is named', async () => {
    const tree = createTreeWithEmptyWorkspace();
    await driverGenerator(tree, { name: 'my-disk', directory: 'drivers/my-disk' });
    for (const { path, text } of await driverFiles('my-disk')) {
      expect(tree.read(`drivers/my-disk/${path}`, 'utf8')).toBe(text);
    }
    expect(readJson(tree, 'drivers/my-disk/package.json')).toMatchObject({
      name: 'my-disk',
      keywords: ['libmultipath-driver'],
    });
  });

  it('writes over nothing, and then writes nothing at all', async () => {
    const tree = createTreeWithEmptyWorkspace();
    tree.write('acme/tsconfig.json', '{}');
    await expect(driverGenerator(tree, { name: 'acme' })).rejects.toThrow(/acme\/tsconfig\.json/);
    expect(tree.exists('acme/src/driver.ts')).toBe(false);
  });

  it.each(['Acme', 'a--b', '../up', ''])('takes no name like `%s`', async (name) => {
    await expect(driverGenerator(createTreeWithEmptyWorkspace(), { name })).rejects.toThrow(/lower case/);
  });
});

it('nx g @libmultipath/nx-plugin:scenario adds a scenario to it', async () => {
  const tree = createTreeWithEmptyWorkspace();
  await driverGenerator(tree, { name: 'acme' });
  await scenarioGenerator(tree, { name: 'two-paths', driver: 'acme' });
  expect(tree.read('acme/scenarios/two-paths.scenario.yaml', 'utf8')).toMatch(/^name: two-paths$/m);
});

it('generators.json names files and functions that are there', async () => {
  // The file is this package's own.
  const { generators } = JSON.parse(readFileSync(new URL('generators.json', root), 'utf8')) as {
    readonly generators: Readonly<Record<string, { readonly factory: string; readonly schema: string }>>;
  };
  for (const { factory, schema } of Object.values(generators)) {
    expect(existsSync(fileURLToPath(new URL(schema, root)))).toBe(true);
    const [file = '', name = ''] = factory.split('#');
    const source = file.replace('./dist/', './').replace(/\.js$/, '.ts');
    const loaded = (await import(new URL(source, new URL('src/', root)).href)) as Readonly<Record<string, unknown>>;
    expect(loaded[name]).toBeTypeOf('function');
  }
});
