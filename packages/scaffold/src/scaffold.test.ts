// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driverFiles, isName, scenarioFile } from './index.js';

const names = fc
  .array(fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/), { minLength: 1, maxLength: 4 })
  .map((words) => words.join('-'));

describe('a name', () => {
  it('is words of lower case letters and digits with single dashes', () => {
    fc.assert(fc.property(names, (name) => isName(name)));
  });

  it.each(['', 'A', '1a', 'a-', '-a', 'a--b', 'a_b', 'a/b', '..', 'a'.repeat(41), 'a b', 'é'])(
    'is not `%s`',
    (name) => {
      expect(isName(name)).toBe(false);
    },
  );
});

describe('the package of a driver', () => {
  it('has the name wherever the template has its own, in the form that the place wants', async () => {
    await fc.assert(
      fc.asyncProperty(
        names.filter((name) => !name.includes('acme')),
        async (name) => {
          const files = await driverFiles(name);
          for (const { path, text } of files) {
            expect(path).not.toContain('acme');
            expect(text).not.toMatch(/acme/i);
          }
          const driver = files.find(({ path }) => path === 'src/driver.ts')?.text ?? '';
          expect(driver).toContain(`name: '${name}'`);
          expect(driver).toContain(`class ${name.replaceAll('-', '_')}_path `);
          expect(driver).toMatch(/^export const [a-z][A-Za-z0-9]*Driver = /m);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is found by its keyword, and carries a licence in every source', async () => {
    const files = await driverFiles('my-disk');
    const manifest: unknown = JSON.parse(files.find(({ path }) => path === 'package.json')?.text ?? '');
    expect(manifest).toMatchObject({ name: 'my-disk', keywords: ['libmultipath-driver'], type: 'module' });
    for (const { text } of files.filter(({ path }) => /\.(ts|yaml)$/.test(path))) {
      expect(text).toMatch(/SPDX-License-Identifier: GPL-2\.0-only/);
    }
  });
});

it('a scenario has its own name and that of its driver', async () => {
  const { path, text } = await scenarioFile('two-paths', 'my-disk');
  expect(path).toBe('two-paths.scenario.yaml');
  expect(text).toMatch(/^name: two-paths$/m);
  expect(text).toMatch(/^driver: my-disk$/m);
});
