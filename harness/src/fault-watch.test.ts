// SPDX-License-Identifier: GPL-2.0-only
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FaultWatch, type KernelFault } from './fault-watch.js';
import { GuestConsole } from './guest-console.js';
import { chunked } from './testing/chunked.js';
import { HARMLESS, SPLATS } from './testing/splats.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const watched = (lines: readonly string[]): KernelFault[] => {
  const faults: KernelFault[] = [];
  const watch = new FaultWatch((fault) => faults.push(fault));
  for (const line of lines) watch.feed(line);
  vi.runAllTimers();
  return faults;
};

describe.each(SPLATS)('$name', ({ kind, headline, lines }) => {
  it('is one fault with every line of the report', () => {
    expect(watched([...HARMLESS.slice(0, -1), ...lines])).toEqual([{ kind, headline, lines, expected: false }]);
  });

  it('is found in the raw bytes of a console, however they arrive', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2_000), { maxLength: 20 }), (cuts) => {
        const stream = new PassThrough();
        const console = new GuestConsole(stream);
        const faults: KernelFault[] = [];
        console.onFault((fault) => faults.push(fault));
        const bytes = Buffer.from(
          [...HARMLESS, '[    1.0] on', ...lines].map((line) => `\u001b[0m${line}\r\n`).join(''),
        );
        for (const chunk of chunked(bytes, cuts)) stream.emit('data', chunk);
        vi.runAllTimers();
        expect(faults).toEqual([{ kind, headline, lines, expected: false }]);
      }),
      { numRuns: 10 },
    );
  });
});

it('takes harmless lines for harmless', () => {
  expect(watched(HARMLESS)).toEqual([]);
});

it('tells two reports in a row apart', () => {
  const [warn, , bug] = SPLATS;
  expect(watched([...(warn?.lines ?? []), ...(bug?.lines ?? [])]).map(({ kind }) => kind)).toEqual(['warning', 'bug']);
});

it('does not let an expected report swallow another in its middle', () => {
  const faults: KernelFault[] = [];
  const watch = new FaultWatch((fault) => faults.push(fault));
  watch.expect({ kind: 'hung-task' });
  watch.feed('[   40.0] INFO: task toy:91 blocked for more than 30 seconds.');
  watch.feed('[   40.1] BUG: kernel NULL pointer dereference, address: 0');
  vi.runAllTimers();
  expect(faults.map(({ kind, expected }) => [kind, expected])).toEqual([
    ['hung-task', true],
    ['bug', false],
  ]);
});

it('reports at once at the end mark, and otherwise when the console is quiet', () => {
  const faults: KernelFault[] = [];
  const watch = new FaultWatch((fault) => faults.push(fault));
  watch.feed('[ 1.0] WARNING: toy.c:1 at toy+0x1');
  expect(faults).toEqual([]);
  watch.feed('[ 1.0] ---[ end trace 0000000000000000 ]---');
  expect(faults).toHaveLength(1);
  watch.feed('[ 2.0] INFO: task toy:1 blocked for more than 30 seconds.');
  vi.advanceTimersByTime(399);
  expect(faults).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(faults).toHaveLength(2);
});

it('bounds a report that never ends', () => {
  const [fault, more] = watched([
    '[ 1.0] Kernel panic - not syncing: x',
    ...Array.from({ length: 500 }, (_, n) => `line ${n}`),
  ]);
  expect(fault?.lines).toHaveLength(80);
  expect(more).toBeUndefined();
});

describe('expectations', () => {
  it('mark one fault as expected, and only one', async () => {
    const faults: KernelFault[] = [];
    const watch = new FaultWatch((fault) => faults.push(fault));
    const expected = watch.expect({ pattern: /toy_put/ });
    const lines = SPLATS[0]?.lines ?? [];
    for (const line of [...lines, ...lines]) watch.feed(line);
    expect(faults.map((fault) => fault.expected)).toEqual([true, false]);
    await expect(expected.seen).resolves.toBe(faults[0]);
    expect(watch.unmet).toEqual([]);
  });

  it('that nothing met stay visible until taken back', () => {
    const watch = new FaultWatch(() => {});
    const expected = watch.expect({ kind: 'panic' });
    for (const line of SPLATS[0]?.lines ?? []) watch.feed(line);
    expect(watch.unmet).toEqual([{ kind: 'panic' }]);
    expected.cancel();
    expect(watch.unmet).toEqual([]);
    expect(watch.faults).toHaveLength(1);
  });
});

it('keeps a bounded ring of console lines, each cut', () => {
  const stream = new PassThrough();
  const console = new GuestConsole(stream);
  for (let n = 0; n < 5_000; n++) stream.emit('data', Buffer.from(`line ${n}\n`));
  stream.emit('data', Buffer.from(`${'y'.repeat(10_000)}\n`));
  expect(console.tail()).toHaveLength(4_000);
  expect(console.tail(2)[0]).toBe('line 4999');
  expect(console.tail(1)[0]?.length).toBeLessThan(4_200);
});
