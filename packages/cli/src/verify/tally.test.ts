// SPDX-License-Identifier: GPL-2.0-only
import type { ScenarioVerdict } from '@libmultipath/contract';
import { Discriminating } from '@libmultipath/conformance';
import { formatDocument } from '@libmultipath/report';
import { expect, it } from 'vitest';
import { Tally } from './tally.js';

const row = (name: string, more: Partial<ScenarioVerdict> = {}): ScenarioVerdict => ({
  name,
  driver: 'toy',
  model: '2.0',
  verdict: 'agree',
  observations: 3,
  runs: 1,
  outcomes: [],
  differences: [],
  ...more,
});

const list = Discriminating.parse(
  JSON.stringify({
    schema: 'mpath.discriminating/1',
    kernels: { toy: { one: ['a', 'b'], old: ['a', 'b', 'c', 'd'] } },
  }),
  'list',
);
const facts = { name: 'toy', release: '2.0.1', accelerator: 'tcg', qemu: '0', bootSeconds: 1 };

it('counts the observations that some mutant changes, where a driver says which they are', () => {
  const tally = new Tally();
  tally.meaning('toy', list);
  const kernel = tally.add(facts);
  tally.row(kernel, row('one'));
  tally.row(kernel, row('unlisted'));
  // A list older than the scenario never counts more than there is.
  tally.row(kernel, row('old'));
  tally.row(kernel, row('lacking', { verdict: 'unsupported', observations: 0 }));
  const document = tally.document();
  expect(document.summary).toMatchObject({ observations: 9, discriminating: 5 });
  // Rows by name: lacking, old, one, unlisted.
  expect(document.kernels[0]?.scenarios.map((one) => one.discriminating)).toEqual([undefined, 3, 2, 0]);
  expect(formatDocument(document)).toContain('"discriminating": 5');
});

it('says nothing of it where no driver has a list', () => {
  const tally = new Tally();
  tally.row(tally.add(facts), row('one'));
  expect(tally.document().summary.discriminating).toBeUndefined();
});

it('keeps incidents with their kernel, and counts them', () => {
  const tally = new Tally();
  const [first, second] = [tally.add(facts), tally.add({ ...facts, name: 'other' })];
  tally.incident(second, { kind: 'dirty', scenario: 'one', detail: 'busy', again: false });
  const { kernels, summary } = tally.document();
  expect([kernels[first]?.incidents, kernels[second]?.incidents?.length, summary.incidents]).toEqual([undefined, 1, 1]);
});
