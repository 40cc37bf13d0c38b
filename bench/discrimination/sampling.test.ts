// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowsBySite } from './coverage.js';
import { findSites } from './find-sites.js';
import { cross } from './instrument.js';
import { stratified } from './sampling.js';

const text = `
const limit = 3;
const unused = 7;
const table = [limit, 8];
export const small = (a: number): boolean => a < limit && a !== 5;
export function many(log: string[]): void {
  log.push('a');
  log.push('b');
  log.push('c');
}
export const other = (): number => table.length + 1;
`;
const found = findSites('drivers/toy/src/one.ts', text, { next: 0 });

it('takes from every function before it takes from one again, nothing that crosses, the same for a seed', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), (seed, count) => {
      const taken = stratified(found.sites, count, seed);
      expect(stratified(found.sites, count, seed)).toEqual(taken);
      expect(taken.length).toBeLessThanOrEqual(count);
      for (const [at, one] of taken.entries()) {
        expect(taken.slice(at + 1).some((two) => cross(one, two) || two === one)).toBe(false);
      }
      // Four strata: small, many, other, and what is outside functions.
      const strata = new Set(taken.slice(0, 4).map(({ owner, isStatic }) => (isStatic ? '' : owner)));
      expect(strata.size).toBe(Math.min(4, count));
    }),
    { numRuns: 50 },
  );
});

it('a constant belongs to the rows that execute code which leads to its name, and to no other', () => {
  const row = (scenario: string) => ({ driver: 'toy', scenario, kernel: '1', model: '1', content: '', labels: [] });
  const probe = (name: string) =>
    found.owners.find((owner) => owner.name === name && owner.body !== undefined)?.id ?? -1;
  const reached = [
    { row: row('direct'), probes: new Set([probe('small')]) },
    { row: row('through'), probes: new Set([probe('other')]) },
    { row: row('none'), probes: new Set([probe('many')]) },
    { row: { ...row('foreign'), driver: 'else' }, probes: new Set([probe('small')]) },
  ];
  const rows = rowsBySite([{ file: '', text, address: '', ...found }], reached);
  const of = (before: string): string[] =>
    [...rows].find(([site]) => site.before === before && site.isStatic)?.[1].map(({ scenario }) => scenario) ?? [];
  expect(of('3')).toEqual(['direct', 'through']);
  expect(of('8')).toEqual(['through']);
  expect(of('7')).toEqual([]);
});
