// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chunked } from './testing/chunked.js';
import { LineSplitter } from './line-splitter.js';

it('gives the same lines however the bytes arrive', () => {
  const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, ''));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(500)), fc.boolean(), (lines, cuts, crlf) => {
      const bytes = Buffer.from(lines.map((text) => `${text}${crlf ? '\r' : ''}\n`).join(''), 'utf8');
      const splitter = new LineSplitter(10_000);
      const got = chunked(bytes, cuts).flatMap((chunk) => splitter.push(chunk));
      // What UTF-8 cannot carry (a lone surrogate) is replaced on the way out already.
      expect(got.map(({ text }) => text)).toEqual(lines.map((text) => Buffer.from(text, 'utf8').toString('utf8')));
      expect(splitter.end()).toBeUndefined();
    }),
  );
});

it('holds no more than the limit of a line and counts the rest', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 200 }),
      fc.array(fc.nat(200)),
      (max, length, cuts) => {
        const splitter = new LineSplitter(max);
        const bytes = Buffer.from(`${'x'.repeat(length)}\nnext\n`);
        const [first, second] = chunked(bytes, cuts).flatMap((chunk) => splitter.push(chunk));
        expect(first).toEqual({ text: 'x'.repeat(Math.min(max, length)), droppedBytes: Math.max(0, length - max) });
        expect(second?.text).toBe('next'.slice(0, max));
      },
    ),
  );
});

it('hands out an unfinished last line at the end', () => {
  const splitter = new LineSplitter(100);
  expect(splitter.push(Buffer.from('a\nb'))).toEqual([{ text: 'a', droppedBytes: 0 }]);
  expect(splitter.end()).toEqual({ text: 'b', droppedBytes: 0 });
});
