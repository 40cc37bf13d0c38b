// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { findSites } from '../find-sites.js';

const changesIn = (text: string): string[] =>
  findSites('one.ts', text, { next: 0 }).sites.map(({ operator, before }) => `${operator}: ${before}`);

it('leaves out the order of two assignments that nobody can tell from the other order', () => {
  const exchanged = (body: string): string[] =>
    changesIn(`function f(a, b) { ${body} }`).filter((one) => one.startsWith('statements-exchanged'));
  expect(exchanged('a.one = b.x; a.two = b.y;')).toEqual([]);
  expect(exchanged('a.one = b.x; a.two = a.one;')).toHaveLength(1);
  expect(exchanged('a.one = b.x; a.one = b.y;')).toHaveLength(1);
  expect(exchanged('a.one = next(); a.two = next();')).toHaveLength(1);
});

it('leaves out what a step tells the checker about itself', () => {
  expect(changesIn(`const touches = [{ object: o, field: 'a', access: 'read' }, ...more];`)).not.toContainEqual(
    expect.stringMatching(/^table-entry-removed/),
  );
  expect(changesIn(`const order = ['first', 'second'];`)).toContainEqual(expect.stringMatching(/^table-entry-removed/));
});

it('looks into what a step waits for and does, not into what it says', () => {
  const changes = changesIn(`
    const one = makeStep('dma', media, isWrite ? 'a' : 'b', { ordering: 'full', enabled: () => media.left > 3 });
    const two = { object: media, field: isWrite ? 'a' : 'b' };`);
  expect(changes).toEqual(['boundary: media.left > 3', 'number-changed: 3']);
});

it('leaves out what only reports', () => {
  expect(changesIn(`function f(m) { reportBeyond(m); currentMachine().report('leak'); }`)).toEqual([]);
  expect(changesIn('function f(m) { take(m); }')).toEqual(['statement-removed: take(m);']);
});

it('leaves out texts for people, and keeps those a kernel shows', () => {
  expect(changesIn(`const row = { text: 'since then', looked: ['6.1', '7.3'], name: 'state' };`)).toEqual([
    `string-changed: 'state'`,
  ]);
});
