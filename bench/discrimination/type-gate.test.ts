// SPDX-License-Identifier: GPL-2.0-only
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { findSites } from './find-sites.js';
import { shown } from './site.js';
import { TypeGate } from './type-gate.js';

const root = mkdtempSync(join(tmpdir(), 'mpath-type-gate-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const compilerOptions = { target: 'es2023', lib: ['es2023'], module: 'nodenext', strict: true, types: [] };
writeFileSync(join(root, 'tsconfig.base.json'), JSON.stringify({ compilerOptions }));
const text = `
type Kind = 'read' | 'write';
export const kindOf = (text: string | null): Kind => {
  if (text === null) return 'read';
  return text.length > 3 ? 'write' : 'read';
};
export const label = (kind: Kind): string => (kind === 'read' ? 'in' : 'out');
`;
writeFileSync(join(root, 'one.ts'), text);

it('refuses what no type checker would let through, and nothing else', () => {
  const gate = new TypeGate(root, new Map([['one.ts', text]]));
  const { sites } = findSites('one.ts', text, { next: 0 });
  const refused = sites.filter((site) => gate.refuses(site)).map(({ before, after }) => shown(`${before} → ${after}`));
  expect(refused).toEqual([
    'text === null → text !== null',
    `'read' → "read~"`,
    `'write' → "write~"`,
    `'read' → "read~"`,
  ]);
  expect(sites.length).toBeGreaterThan(refused.length + 3);
});
