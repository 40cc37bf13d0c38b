// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';

import { inSampleTree } from './sample-tree.js';

const copies = ['.oxlintrc.json', 'tsconfig.base.json'];
const tsconfig = '{ "extends": "../../tsconfig.base.json", "include": ["src"] }';

interface Report {
  readonly diagnostics: readonly { readonly code: string; readonly filename: string }[];
}

const lint = (path: string, text: string): string[] => {
  const project = { [`${path.split('/src/')[0]}/tsconfig.json`]: tsconfig };
  const { output } = inSampleTree(copies, { ...project, [path]: text }, ['oxlint', '--type-aware', '-f', 'json', '.']);
  // The shape of oxlint's own JSON report; anything else throws here.
  return (JSON.parse(output) as Report).diagnostics.map(({ code }) => code);
};

it.each([
  ['packages/kernel/src/a.ts', 'export const at = Date.now();\n', 'no-restricted-globals'],
  ['packages/core/src/a.ts', 'export const at = Math.random();\n', 'no-restricted-properties'],
  ['packages/core/src/a.ts', "console.log('a');\n", 'no-console'],
  ['drivers/one/src/mainline/a.ts', 'setTimeout(() => 1, 1);\n', 'no-restricted-globals'],
  ['drivers/one/src/template/a.ts', 'export const e = process.env;\n', 'no-restricted-globals'],
  ['packages/report/src/a.ts', 'const a = 1;\nexport default a;\n', 'no-default-export'],
  ['packages/report/src/a.ts', 'export const a = (b: any): number => Number(b);\n', 'no-explicit-any'],
  ['packages/report/src/a.ts', 'export const a = (b?: string): string => b!;\n', 'no-non-null-assertion'],
  ['packages/report/src/aB.ts', 'export const a = 1;\n', 'filename-case'],
  [
    'packages/report/src/a.ts',
    'const f = async (): Promise<void> => undefined;\nexport const a = (): void => { f(); };\n',
    'no-floating-promises',
  ],
  ['packages/report/src/a.ts', 'export const a = JSON.parse("1").b.c as string;\n', 'no-unsafe-member-access'],
])('refuses in %s: %j', (path, text, rule) => {
  expect(lint(path, text).join(' ')).toContain(`(${rule})`);
});

it('lets the harness read the clock, and a clean file be', () => {
  expect(lint('packages/report/src/a.ts', 'export const at = (): number => Date.now();\n')).toEqual([]);
});
