// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { device, gone, recordsOf, remap, type Line } from '../testing/trace-text.js';
import { labelRemaps } from './devices.js';

const labelsIn = (lines: readonly Line[]): (string | undefined)[] =>
  labelRemaps(recordsOf(lines)).map(({ label }) => label);

it('gives a recycled number to whoever has it at the time', () => {
  const lines = [
    device('259:0', 'c0'),
    remap('259:0', 8),
    gone('259:0', 'c0'),
    device('259:0', 'c1'),
    remap('259:0', 8),
  ];
  expect(labelsIn(lines)).toEqual(['c0', 'c1']);
});

it('gives a bio that was quicker than the attaching step to the path that came', () => {
  expect(labelsIn([device('259:0', 'c0'), gone('259:0', 'c0'), remap('259:0', 8), device('259:0', 'c1')])).toEqual([
    'c1',
  ]);
});

it('gives a number that nobody has to nobody', () => {
  expect(labelsIn([device('259:0', 'c0'), remap('259:4', 8)])).toEqual([undefined]);
});

it('keeps sector, direction and source of each', () => {
  const [read, write] = labelRemaps(recordsOf([remap('259:1', 65_536), remap('259:1', 16, 'WS')]));
  expect(read).toMatchObject({ to: '259:1', from: '259:9', sector: 65_536, isWrite: false, index: 0 });
  expect(write).toMatchObject({ sector: 16, isWrite: true, index: 1 });
});

/** Attach (with bios before and after the mark) and detach, in any order, numbers handed out lowest first. */
const history = fc.array(
  fc.record({ label: fc.constantFrom('c0', 'c1', 'c2'), early: fc.nat({ max: 2 }), late: fc.nat({ max: 2 }) }),
  { maxLength: 20 },
);

it('labels every bio right in any history of controllers that come and go', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const lines: Line[] = [];
      const expected: string[] = [];
      const attached = new Map<string, string>();
      const send = (number: string, label: string, count: number): void => {
        for (let i = 0; i < count; i++) {
          lines.push(remap(number, 8 * i));
          expected.push(label);
        }
      };
      for (const { label, early, late } of steps) {
        const own = attached.get(label);
        if (own === undefined) {
          const used = new Set(attached.values());
          const number = ['259:0', '259:1', '259:2'].find((free) => !used.has(free)) ?? '';
          send(number, label, early);
          lines.push(device(number, label));
          attached.set(label, number);
          send(number, label, late);
        } else {
          send(own, label, early + late);
          lines.push(gone(own, label));
          attached.delete(label);
        }
      }
      expect(labelsIn(lines)).toEqual(expected);
    }),
  );
});
