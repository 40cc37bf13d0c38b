// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { begin, device, end, gone, hit, recordsOf, type Line } from '../testing/trace-text.js';
import { orderOf } from './order.js';

const attach = (number: string, label: string): Line[] => [
  begin('attach', label),
  hit('set_live', 'nvme_mpath_set_live'),
  device(number, label),
  end('attach', label),
];
const detach = (number: string, label: string): Line[] => [
  begin('detach', label),
  gone(number, label),
  end('detach', label),
];
const expiry = hit('remove_head_work', 'nvme_remove_head_work');
const order = (...lines: (Line | Line[])[]): readonly string[] => orderOf(recordsOf(lines.flat()));

it('says nothing of paths that come while there are others, or at the beginning', () => {
  expect(order(attach('259:0', 'c0'), attach('259:1', 'c1'), detach('259:0', 'c0'), attach('259:0', 'c0'))).toEqual([]);
});

it('says returned when a path comes after the last has gone, once', () => {
  const lines = [attach('259:0', 'c0'), attach('259:1', 'c1'), detach('259:0', 'c0'), detach('259:1', 'c1')];
  expect(order(...lines, attach('259:0', 'c1'), attach('259:1', 'c0'))).toEqual(['returned']);
  expect(order(...lines, attach('259:0', 'c1'), detach('259:0', 'c1'), attach('259:0', 'c1'))).toEqual([
    'returned',
    'returned',
  ]);
});

it('tells the timer before the wait from the timer after it', () => {
  const lines = [attach('259:0', 'c0'), detach('259:0', 'c0')];
  const wait = begin('await-removal', '-');
  expect(order(...lines, wait, expiry)).toEqual(['awaiting', 'expired']);
  expect(order(...lines, expiry, wait)).toEqual(['expired', 'awaiting']);
  expect(order(...lines, expiry, attach('259:0', 'c0'))).toEqual(['expired', 'returned']);
});
