// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { begin, end, recordsOf } from '../testing/trace-text.js';
import { lastMark, markOf, type Mark } from './marks.js';
import { formatMark } from './marks.js';

const word = fc.stringMatching(/^[a-z0-9][a-z0-9:+-]{0,12}$/);
const marks: fc.Arbitrary<Mark> = fc.oneof(
  fc.record({ kind: fc.constantFrom('begin' as const, 'end' as const), step: word, subject: word }),
  fc.record({ kind: fc.constantFrom('device' as const, 'gone' as const), number: word, label: word }),
);

it('reads back every mark it writes, through the text of a trace', () => {
  fc.assert(
    fc.property(fc.array(marks, { maxLength: 8 }), (list) => {
      const lines = list.map((mark) => ({ event: 'tracing_mark_write', payload: formatMark(mark) }));
      expect(recordsOf(lines).map(markOf)).toEqual(list);
    }),
  );
});

it('takes marks of others for none of ours', () => {
  const others = ['hello', 'mpath', 'mpath begin attach', 'mpath device 259:0 c0 c1', 'mpath other a b'];
  expect(recordsOf(others.map((payload) => ({ event: 'tracing_mark_write', payload }))).map(markOf)).toEqual(
    others.map(() => undefined),
  );
});

it('finds the last of several equal steps', () => {
  const records = recordsOf([begin('attach', 'c0'), end('attach', 'c0'), begin('attach', 'c0'), begin('attach', 'c1')]);
  expect(lastMark(records, 'begin', 'attach', 'c0')).toBe(2);
  expect(lastMark(records, 'begin', 'detach', 'c0')).toBe(-1);
});
