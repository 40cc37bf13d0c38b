// SPDX-License-Identifier: GPL-2.0-only
// Each rule sees a tree that breaks it, and the nearest one that does not.
import { describe, expect, it } from 'vitest';

import { errorNumbers } from './rules/error-numbers.js';
import { kebabCase, licensed, namedExports, oneIndex, shortFiles, vagueNames } from './rules/files.js';
import { neutrality } from './rules/neutrality.js';
import { allTargets, inProjects, knownRooms, readmes, references, rootReferences } from './rules/packages.js';
import { lockFile, portable, testsRun } from './rules/portability.js';
import { purity } from './rules/purity.js';
import { type Rule } from './tree.js';

type Tree = Readonly<Record<string, string>>;

const where = (rule: Rule, tree: Tree): string[] =>
  rule(Object.entries(tree).map(([path, text]) => ({ path, text }))).map((violation) => violation.where);

interface Sample {
  readonly says: string;
  readonly rule: Rule;
  readonly breaks: readonly (readonly [path: string, text: string, line?: number])[];
  readonly keeps: readonly (readonly [path: string, text: string])[];
}

const oneFile: readonly Sample[] = [
  {
    says: 'purity',
    rule: purity,
    breaks: [
      ['packages/kernel/src/a.ts', 'const now = 1;\nexport const at = Date.now();', 2],
      ['packages/core/src/a.ts', 'export const at = performance.now();', 1],
      ['packages/core/src/a.ts', 'export const pick = Math.random();', 1],
      ['drivers/x/src/template/a.ts', 'console.log(1);', 1],
      ['drivers/x/src/mainline/deep/a.ts', 'export const ci = process.env;', 1],
      ['packages/kernel/src/a.ts', "import { readFileSync } from 'node:fs';", 1],
      ['packages/kernel/src/a.ts', 'setTimeout(() => {}, 1);', 1],
      ['packages/kernel/src/a.ts', 'export const g = globalThis;', 1],
    ],
    keeps: [
      ['packages/kernel/src/a.ts', '// Date, process and console are not used here\nexport const t = Math.max(1, 2);'],
      ['packages/kernel/src/a.ts', 'export const t = { process: 1 }; export const u = t.process;'],
      ['packages/kernel/src/a.test.ts', 'export const at = Date.now();'],
      ['harness/src/a.ts', 'export const at = Date.now();'],
      ['drivers/x/src/guest/a.ts', 'export const at = Date.now();'],
    ],
  },
  {
    says: 'neutrality',
    rule: neutrality,
    breaks: [
      ['packages/scenario/src/a.ts', 'const nvme_paths = 1;', 1],
      ['packages/report/src/a.ts', "\nexport const title = 'SCSI paths';", 2],
      ['harness/src/a.ts', 'export const d = `${1}-nvme`;', 1],
      ['packages/contract/src/a.ts', 'export const p = /^scsi/;', 1],
      ['vm-images/agent/a.c', 'int a;\nint nvme_open(void);', 2],
      ['vm-images/kernels.json', '{ "modules": ["nvme"] }', 1],
    ],
    keeps: [
      ['packages/scenario/src/a.ts', '// as nvme does\nexport const paths = 1;'],
      ['packages/cli/src/a.ts', "export const driver = 'nvme';"],
      ['drivers/nvme/src/a.ts', "export const driver = 'nvme';"],
      ['harness/src/a.test.ts', "export const driver = 'nvme';"],
      ['vm-images/agent/a.c', '/* nvme\n * scsi */\nint a; // nvme'],
    ],
  },
  {
    says: 'vague names',
    rule: vagueNames,
    breaks: [
      ['packages/core/src/utils.ts', ''],
      ['packages/core/src/helpers/a.ts', ''],
      ['harness/src/common.test.ts', ''],
      ['launch/misc.mjs', ''],
    ],
    keeps: [
      ['packages/core/src/utilisation.ts', ''],
      ['harness/src/in-common.ts', ''],
    ],
  },
  {
    says: 'kebab-case',
    rule: kebabCase,
    breaks: [
      ['packages/core/src/mpathHead.ts', ''],
      ['packages/core/src/mpath_head.ts', ''],
      ['launch/Main.mjs', ''],
    ],
    keeps: [
      ['packages/core/src/mpath-head.vm.test.ts', ''],
      ['.dependency-cruiser.mjs', ''],
      ['vm-images/agent/ring_buffer.c', ''],
    ],
  },
  {
    says: 'one index',
    rule: oneIndex,
    breaks: [
      ['packages/core/src/head/index.ts', ''],
      ['harness/index.ts', ''],
    ],
    keeps: [
      ['packages/core/src/index.ts', ''],
      ['drivers/x/src/index.ts', ''],
      ['harness/src/index.ts', ''],
    ],
  },
  {
    says: 'short files',
    rule: shortFiles,
    breaks: [
      ['packages/core/src/a.ts', 'x\n'.repeat(401)],
      ['vm-images/agent/a.c', 'x\n'.repeat(401)],
    ],
    keeps: [
      ['packages/core/src/a.ts', 'x\n'.repeat(400)],
      ['package-lock.json', 'x\n'.repeat(401)],
    ],
  },
  {
    says: 'licence',
    rule: licensed,
    breaks: [
      ['packages/core/src/a.ts', 'export const a = 1;'],
      ['packages/core/src/a.ts', '\n// SPDX-License-Identifier: GPL-2.0-only'],
      ['vm-images/agent/a.c', '// SPDX-License-Identifier: MIT'],
      ['mpath', '#!/usr/bin/env node\nimport("x");'],
      ['drivers/x/scenarios/a.yaml', 'name: a'],
    ],
    keeps: [
      ['packages/core/src/a.ts', '// SPDX-License-Identifier: GPL-2.0-only\n'],
      ['.ci/run', '#!/usr/bin/env bash\n# SPDX-License-Identifier: GPL-2.0-only\n'],
      ['vm-images/agent/a.h', '/* SPDX-License-Identifier: GPL-2.0-only */'],
      ['package.json', '{}'],
    ],
  },
  {
    says: 'named exports',
    rule: namedExports,
    breaks: [
      ['packages/core/src/a.ts', 'const a = 1;\nexport default a;', 2],
      ['packages/core/src/a.ts', 'export default function a() {}', 1],
      ['packages/core/src/a.ts', 'export { a as default };', 1],
    ],
    keeps: [
      ['vitest.config.ts', 'export default {};'],
      ['packages/core/src/a.ts', '// export default a\nexport const a = 1;'],
    ],
  },
  {
    says: 'portability',
    rule: portable,
    breaks: [
      ['README.md', ['see https://deb', 'debian', 'org/x'].join('.'), 1],
      ['.npmrc', ['\nregistry=https://registry', 'npmjs', 'org/'].join('.'), 2],
      ['harness/src/a.ts', ["export const dir = '", 'home', "someone';"].join('/'), 1],
    ],
    keeps: [['README.md', 'apt-get brings it; see https://www.kernel.org/ and /etc/apt']],
  },
  {
    says: 'lock file',
    rule: lockFile,
    breaks: [['package-lock.json', '{\n"resolved": "https://host.example/a.tgz"', 2]],
    keeps: [['package-lock.json', '{ "resolved": "packages/errors", "funding": "https://a.example" }']],
  },
  {
    says: 'tests run',
    rule: testsRun,
    breaks: [
      ['a.test.ts', "\nit.only('a', () => {});", 2],
      ['a.test.ts', "describe.skip('a', () => {});", 1],
      ['a.test.ts', "it('a', () => { expect(true).toBe(true); });", 1],
    ],
    keeps: [
      ['a.test.ts', "it('a', () => { expect(on).toBe(true); });"],
      ['a.ts', 'it.only'],
    ],
  },
];

describe.each(oneFile)('$says', ({ rule, breaks, keeps }) => {
  it.each(breaks.map(([path, text, line]) => ({ path, text, line })))(
    'refuses $path (sample %#)',
    ({ path, text, line }) => {
      const found = where(rule, { [path]: text });
      expect(found).toContain(line === undefined ? path : `${path}:${line}`);
    },
  );

  it.each(keeps.map(([path, text]) => ({ path, text })))('lets $path be (sample %#)', ({ path, text }) => {
    expect(where(rule, { [path]: text })).toEqual([]);
  });
});

describe('error numbers', () => {
  const entry = (code: string): string => `export const e = defineErrors({\n  '${code}': {\n`;

  it('refuses a number that two packages declare', () => {
    const tree = { 'packages/cli/src/errors.ts': entry('LMP-901'), 'packages/report/src/errors.ts': entry('LMP-901') };
    expect(where(errorNumbers, tree)).toEqual(['packages/report/src/errors.ts:2']);
  });

  it("refuses a number of another owner's hundred, and one with too many digits", () => {
    expect(where(errorNumbers, { 'harness/src/errors.ts': entry('LMP-801') })).toEqual(['harness/src/errors.ts:2']);
    expect(where(errorNumbers, { 'harness/src/errors.ts': entry('LMP-7011') })).toEqual(['harness/src/errors.ts:2']);
    expect(where(errorNumbers, { 'harness/src/errors.ts': entry('LMP-701') })).toEqual([]);
    expect(where(errorNumbers, { 'packages/kernel/src/errors.ts': entry('LMP-001') })).toEqual([]);
  });

  it('refuses a number of the launcher that the command does not declare', () => {
    const launcher = { 'launch/a.mjs': "fail('LMP-951')" };
    expect(where(errorNumbers, launcher)).toEqual(['launch/a.mjs']);
    expect(where(errorNumbers, { ...launcher, 'packages/cli/src/errors.ts': entry('LMP-951') })).toEqual([]);
  });
});

describe('packages', () => {
  const manifest = (extra: object): string => JSON.stringify({ name: 'a', ...extra });
  const targets = { build: {}, test: {}, lint: {}, typecheck: {}, bench: {}, vm: {} };

  it('refuses a package without a README, or with an empty one', () => {
    const tree = { 'packages/core/package.json': manifest({}) };
    expect(where(readmes, tree)).toEqual(['packages/core/README.md']);
    expect(where(readmes, { ...tree, 'packages/core/README.md': '# core\n' })).toEqual(['packages/core/README.md']);
    expect(where(readmes, { ...tree, 'packages/core/README.md': 'What lives here. '.repeat(6) })).toEqual([]);
  });

  it('refuses a package that the table of imports does not know', () => {
    expect(where(knownRooms, { 'packages/attic/package.json': manifest({}) })).toEqual(['packages/attic']);
    expect(where(knownRooms, { 'drivers/any/package.json': manifest({}) })).toEqual([]);
  });

  it('refuses a package that lacks a target', () => {
    const few = { build: {}, test: {}, lint: {}, typecheck: {}, bench: {} };
    expect(where(allTargets, { 'harness/package.json': manifest({ nx: { targets: few } }) })).toEqual([
      'harness/package.json',
    ]);
    expect(where(allTargets, { 'harness/package.json': manifest({ nx: { targets } }) })).toEqual([]);
  });

  it('refuses project references that are not the dependencies', () => {
    const tree = (path: string[]) => ({
      'packages/kernel/package.json': JSON.stringify({ name: 'kernel' }),
      'packages/errors/package.json': JSON.stringify({ name: 'errors' }),
      'drivers/x/package.json': JSON.stringify({ name: 'x', dependencies: { kernel: '1' } }),
      'drivers/x/tsconfig.json': JSON.stringify({ references: path.map((one) => ({ path: one })) }),
    });
    expect(where(references, tree(['../../packages/kernel']))).toEqual([]);
    expect(where(references, tree([]))).toEqual(['drivers/x/tsconfig.json']);
    expect(where(references, tree(['../../packages/kernel', '../../packages/errors']))).toEqual([
      'drivers/x/tsconfig.json',
    ]);
  });

  it('refuses a script that no project includes', () => {
    const tree = { 'vm-images/scripts/a.ts': '', 'vm-images/tsconfig.json': '{}', 'vm-images/src/b.ts': '' };
    expect(where(inProjects, tree)).toEqual(['vm-images/scripts/a.ts']);
    expect(where(inProjects, { ...tree, 'vm-images/scripts/tsconfig.json': '{}' })).toEqual([]);
    expect(where(inProjects, { 'packages/core/mpath.config.ts': '' })).toEqual(['packages/core/mpath.config.ts']);
  });

  it('refuses a project that the root does not refer to', () => {
    const tree = { 'packages/core/tsconfig.json': '{}', 'tsconfig.json': '{ "references": [] }' };
    expect(where(rootReferences, tree)).toEqual(['tsconfig.json']);
    const whole = { ...tree, 'tsconfig.json': '{ "references": [{ "path": "packages/core" }] }' };
    expect(where(rootReferences, whole)).toEqual([]);
  });
});
