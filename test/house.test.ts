// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';

import { errorNumbers } from './rules/error-numbers.js';
import { kebabCase, licensed, namedExports, oneIndex, shortFiles, vagueNames } from './rules/files.js';
import { neutrality } from './rules/neutrality.js';
import { allTargets, inProjects, knownRooms, readmes, references, rootReferences } from './rules/packages.js';
import { lockFile, portable, testsRun } from './rules/portability.js';
import { purity } from './rules/purity.js';
import { readTree } from './tree.js';

const tree = readTree();
// The samples in this folder break the rules on purpose, as texts.
const withoutSamples = tree.filter(
  ({ path }) =>
    !/^test\/.*samples.*\.test\.ts$/.test(path) &&
    // The files of somebody else's package, which packages/cli/src/scaffold makes of them and checks.
    !path.startsWith('packages/scaffold/templates/'),
);

it('reads the whole house', () => {
  expect(tree.length).toBeGreaterThan(60);
  expect(tree.map(({ path }) => path)).toContain('packages/kernel/src/index.ts');
});

it.each([
  ['the model reads no clock, chance, console or environment', purity],
  ['nothing below drivers/ names a protocol', neutrality],
  ['no name is vague', vagueNames],
  ['file names are kebab-case', kebabCase],
  ['index.ts stands only at package roots', oneIndex],
  ['no file is longer than 400 lines', shortFiles],
  ['every source names its licence', licensed],
  ['nothing is exported as default', namedExports],
  ["error numbers are unique and in their owner's hundred", errorNumbers],
  ['every room has a README', readmes],
  ['every room is in the table of imports', knownRooms],
  ['every room has every target', allTargets],
  ['project references are the dependencies', references],
  ['every script is in a project', inProjects],
  ['the root refers to every project', rootReferences],
  ['nothing names a registry, a mirror or one machine', portable],
  ['the lock file records no download address', lockFile],
  ['every test runs and can fail', testsRun],
] as const)('%s', (_name, rule) => {
  expect(rule(withoutSamples).map(({ where, message }) => `${where}: ${message}`)).toEqual([]);
});
