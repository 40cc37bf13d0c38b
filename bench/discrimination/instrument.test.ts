// SPDX-License-Identifier: GPL-2.0-only
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findSites } from './find-sites.js';
import { cross, withProbes, withSwitches } from './instrument.js';
import { COUNT, PROBE, SWITCH } from './names.js';
import { siteKey, type Site } from './site.js';

const text = `
export const limit: number = 3;
export function* pick(a: number, b: number): Generator<string, string> {
  const log: string[] = [];
  if (a < b && b !== 7) {
    log.push('less');
    yield* step(log);
  } else {
    log.push(a > limit ? 'far' : 'near');
  }
  return log.join(' ');
}
function* step(log: string[]): Generator<string, void> {
  log.push('step');
  yield 'at';
}
`;

const { sites, owners } = findSites('one.ts', text, { next: 100 });
// Exchanged statements may cross each other; a run of the command takes one of the two.
const nested = sites.filter((site, at) => !sites.slice(0, at).some((other) => cross(site, other)));

const load = async (code: string) => {
  const module: unknown = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return module as { pick: (a: number, b: number) => Generator<string, string>; limit: number };
};

const run = (pick: (a: number, b: number) => Generator<string, string>, a: number, b: number): string => {
  const steps = pick(a, b);
  for (let at = steps.next(); ; at = steps.next()) if (at.done === true) return at.value;
};

const shared = globalThis as Record<string, unknown>;
beforeEach(() => {
  shared[COUNT] = (_own: unknown, mutants: unknown): unknown => mutants;
});
afterEach(() => {
  delete shared[COUNT];
  delete shared[SWITCH];
  delete shared[PROBE];
});

const find = (operator: string, before: string): Site => {
  const site = sites.find((one) => one.operator === operator && one.before === before);
  if (site === undefined) throw new Error(`no site ${operator} ${before}`);
  return site;
};

it('gives what the source gives while no mutant is alive', async () => {
  shared[SWITCH] = -1;
  const { pick, limit } = await load(withSwitches('one.ts', text, nested));
  expect([run(pick, 1, 2), run(pick, 4, 7), run(pick, 2, 1), limit]).toEqual(
    ['less step', 'near', 'near', 3].toSpliced(1, 1, 'far'),
  );
});

it.each([
  ['boundary', 'a < b', 2, 2, 'less step', 'near'],
  ['logical', 'a < b && b !== 7', 4, 7, 'less step', 'far'],
  ['equality', 'b !== 7', 4, 7, 'less step', 'far'],
  ['yield-removed', 'yield* step(log);', 1, 2, 'less', 'less step'],
  ['statement-removed', "log.push('less');", 1, 2, 'step', 'less step'],
  ['string-changed', "'near'", 2, 1, 'near~', 'near'],
  ['statements-exchanged', "log.push('less');\n    yield* step(log);", 1, 2, 'step less', 'less step'],
])('%s of %s shows while it is alive and only then', async (operator, before, a, b, mutated, original) => {
  const site = find(operator, before);
  const { pick } = await load(withSwitches('one.ts', text, nested));
  shared[SWITCH] = site.id;
  expect(run(pick, a, b)).toBe(mutated);
  shared[SWITCH] = -1;
  expect(run(pick, a, b)).toBe(original);
});

it('tells a constant outside functions from code inside, and skips types', () => {
  expect(find('number-changed', '3').isStatic).toBe(true);
  expect(find('number-changed', '7').isStatic).toBe(false);
  expect(sites.every(({ before }) => before !== 'number')).toBe(true);
});

it('a probe stays with the only statement of a branch', async () => {
  const bare = 'export function pick(a, b) { if (a > b) return; shared(b); }\nfunction shared() {}';
  const { sites, owners } = findSites('two.ts', bare, { next: 0 });
  const reached = new Set<number>();
  shared[PROBE] = (id: number): void => void reached.add(id);
  const { pick } = await load(withProbes('two.ts', bare, sites, owners));
  pick(2, 1);
  expect(owners.filter(({ id }) => reached.has(id)).map(({ name }) => name)).toEqual(['pick']);
  pick(1, 2);
  expect(owners.filter(({ id }) => reached.has(id)).map(({ name }) => name)).toEqual(['pick', 'shared']);
});

it('probes say which functions and sites ran', async () => {
  const reached = new Set<number>();
  shared[PROBE] = (id: number): void => void reached.add(id);
  const { pick } = await load(withProbes('one.ts', text, nested, owners));
  run(pick, 1, 2);
  expect(reached.has(find('yield-removed', 'yield* step(log);').id)).toBe(true);
  expect(reached.has(find('string-changed', "'near'").id)).toBe(false);
  expect(owners.filter(({ id }) => reached.has(id)).map(({ name }) => name)).toEqual(['pick', 'step']);
});

it('probes say whether a comparison would come out otherwise in the mutant', async () => {
  const differing = new Set<number>();
  shared[PROBE] = (id: number, value?: unknown, mutants?: () => unknown): void => {
    if (mutants !== undefined && !Object.is(value, mutants())) differing.add(id);
  };
  const { pick } = await load(withProbes('one.ts', text, nested, owners));
  const boundary = find('boundary', 'a < b').id;
  run(pick, 1, 2);
  run(pick, 2, 1);
  expect(differing.has(boundary)).toBe(false);
  run(pick, 2, 2);
  expect(differing.has(boundary)).toBe(true);
});

it('names a site the same wherever its line went', () => {
  const below = findSites('one.ts', `// a line more\n${text}`, { next: 0 });
  expect(below.sites.map(siteKey)).toEqual(sites.map(siteKey));
  expect(below.sites[0]?.line).toBe((sites[0]?.line ?? 0) + 1);
});

it('the mutant that is alive counts its evaluations, and those with another value than the model has', async () => {
  const values: (readonly unknown[])[] = [];
  shared[COUNT] = (...pair: readonly unknown[]): unknown => {
    values.push(pair);
    return pair[1];
  };
  const { pick } = await load(withSwitches('one.ts', text, nested));
  shared[SWITCH] = find('boundary', 'a < b').id;
  run(pick, 1, 2);
  run(pick, 2, 2);
  expect(values).toEqual([
    [true, true],
    [false, true],
  ]);
  values.length = 0;
  shared[SWITCH] = find('yield-removed', 'yield* step(log);').id;
  run(pick, 1, 2);
  expect(values).toEqual([[]]);
});
