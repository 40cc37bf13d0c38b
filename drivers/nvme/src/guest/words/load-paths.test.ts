// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { begin, device, end, gone, recordsOf, remap, type Line } from '../testing/trace-text.js';
import { loadPaths } from './load-paths.js';

const write = (to: string, block: number): Line => remap(to, block * 8, 'WS');
const load = { label: 'w', blocks: 16 };
const setting = [device('259:0', 'c0'), device('259:1', 'c1')];
const paths = (...lines: (Line | Line[])[]): unknown => loadPaths(recordsOf(lines.flat()), load);

it('takes what was written before the first detach began and after the last had ended', () => {
  expect(
    paths(
      setting,
      begin('load', 'w'),
      [write('259:1', 0), write('259:0', 1), write('259:1', 2)],
      begin('detach', 'c0'),
      write('259:0', 3),
      [gone('259:0', 'c0'), end('detach', 'c0')],
      write('259:1', 4),
      end('load', 'w'),
      write('259:7', 5),
    ),
  ).toEqual({ before: ['c0', 'c1'], after: ['c1'] });
});

it('leaves out what is not of the load: reads, other places, an earlier load', () => {
  expect(
    paths(setting, [begin('load', 'w'), write('259:0', 1), end('load', 'w')], begin('load', 'w'), [
      remap('259:0', 8),
      write('259:0', 16),
      write('259:1', 15),
    ]),
  ).toEqual({ before: ['c1'], after: [] });
});
