// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseBioRemap, parseTrace, type TraceEvent } from './ftrace.js';

const sample = `# tracer: nop
#
# entries-in-buffer/entries-written: 4/4   #P:2
#
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
           agent-101     [001] .....    12.345678: block_bio_remap: 259,1 R 8 + 8 <- (259,0) 8
 kworker/u4:2-ev-57      [000] d..1.    12.345680: removal: (work_fn+0x0/0x80)
CPU:1 [LOST 12 EVENTS]
           <...>-7       [000] .....    13.000001: block_bio_remap: 259,2 WFS 0 + 0 <- (259,0) 0
     my - task-9   (    9) [000] .....    13.000002: quiet:
`;

it('reads events in order, counts lost ones and leaves nothing unread', () => {
  const trace = parseTrace(sample);
  expect(trace.unread).toEqual([]);
  expect(trace.lost).toBe(12);
  expect(trace.events.map(({ task, pid, cpu, timestampUs, event }) => [task, pid, cpu, timestampUs, event])).toEqual([
    ['agent', 101, 1, 12_345_678, 'block_bio_remap'],
    ['kworker/u4:2-ev', 57, 0, 12_345_680, 'removal'],
    ['<...>', 7, 0, 13_000_001, 'block_bio_remap'],
    ['my - task', 9, 0, 13_000_002, 'quiet'],
  ]);
  expect(trace.events[1]?.payload).toBe('(work_fn+0x0/0x80)');
});

it('reads both devices of a remap', () => {
  const [first, second] = parseTrace(sample).events;
  expect(first && parseBioRemap(first)).toEqual({
    rwbs: 'R',
    to: { major: 259, minor: 1 },
    toSector: 8,
    lengthSectors: 8,
    from: { major: 259, minor: 0 },
    fromSector: 8,
  });
  expect(second && parseBioRemap(second)).toBeUndefined();
});

const printable = fc.string({ unit: fc.constantFrom(...'abcXYZ019 -_:/<.>[]()+,'.split('')), maxLength: 15 });
const event: fc.Arbitrary<TraceEvent> = fc.record({
  event: fc.stringMatching(/^[a-z_][a-z0-9_]{0,20}$/),
  task: printable
    .map((text) => text.trimStart())
    .filter((text) => text !== '' && !text.startsWith('#') && !text.startsWith('CPU:')),
  pid: fc.nat({ max: 4_194_304 }),
  cpu: fc.nat({ max: 511 }),
  timestampUs: fc.nat(),
  payload: printable.map((text) => text.trim()),
});
const lineOf = ({ event: name, task, pid, cpu, timestampUs, payload }: TraceEvent): string => {
  const fraction = String(timestampUs % 1_000_000).padStart(6, '0');
  const time = `${String(Math.trunc(timestampUs / 1_000_000)).padStart(5)}.${fraction}`;
  return `${`${task}-${String(pid)}`.padStart(16)} [${String(cpu).padStart(3, '0')}] d..2. ${time}: ${name}: ${payload}`;
};

it('reads back what the kernel would print, whatever tasks are called', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), (events) => {
      const trace = parseTrace(`# tracer: nop\n#\n${events.map(lineOf).join('\n')}\n`);
      expect(trace.unread).toEqual([]);
      expect(trace.events).toEqual(events);
    }),
  );
});

it('takes any text, and accounts for each line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const { events, unread } = parseTrace(text);
      const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
      expect(events.length + unread.length).toBeLessThanOrEqual(lines.length);
      for (const one of events) expect(Number.isFinite(one.timestampUs)).toBe(true);
    }),
  );
});
