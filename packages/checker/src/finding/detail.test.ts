// SPDX-License-Identifier: GPL-2.0-only
import { conflicts, type Program } from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explore } from '../explore.js';
import { anyKernelSpec, kernelProgramOf } from '../random-kernel-program.test.kit.js';
import { anySpec, programOf } from '../random-program.test.kit.js';
import { seededRandom } from '../random.js';
import { findingsOf } from './collect.js';
import { lostWakeup, putAgainstWaiter, readAgainstFree } from './defects.test.kit.js';
import { edgesOf } from './detail-edges.js';
import { detailOf } from './detail.js';
import { traceRun, type RunTrace } from './run-trace.js';

const firstOf = (program: Program) => {
  const [finding] = findingsOf(program, explore(program, { memo: false }));
  if (finding === undefined) throw new Error(`${program.name} shows nothing`);
  return { finding, detail: detailOf(program, finding, 'thing#1') };
};

/** A run in which chance picks. */
const drawn = (program: Program, seed: number): RunTrace => {
  const random = seededRandom(seed);
  return traceRun(program, { pick: (enabled) => enabled[random(enabled.length)] });
};

/** Pairs of events, the first of which comes before the second: by every conflict, or by the edges and the rests alone. */
const orderOf = (trace: RunTrace, byEdges: boolean): boolean[][] => {
  const { events } = trace;
  const edges = new Set(edgesOf(events).map(({ from, to }) => `${String(from)} ${String(to)}`));
  const before: boolean[][] = events.map(() => events.map(() => false));
  for (const b of events) {
    for (const a of events.slice(0, b.index)) {
      const first = !events.slice(0, b.index).some(({ task }) => task === b.task);
      const direct =
        a.task === b.task ||
        a.step.barrier ||
        b.step.barrier ||
        (first && a.index === b.bornAt && (!byEdges || edges.has(`${String(a.index)} ${String(b.index)}`))) ||
        (byEdges ? edges.has(`${String(a.index)} ${String(b.index)}`) : conflicts(a.step, b.step));
      const row = before[b.index];
      if (row === undefined || !direct) continue;
      row[a.index] = true;
      for (const [at, known] of (before[a.index] ?? []).entries()) if (known) row[at] = true;
    }
  }
  return before;
};

describe('the edges of a schedule', () => {
  it('say with the order within each task all that the conflicts say', () => {
    fc.assert(
      fc.property(anySpec, fc.integer(), (spec, seed) => {
        const trace = drawn(programOf(spec), seed);
        expect(orderOf(trace, true)).toEqual(orderOf(trace, false));
      }),
      { numRuns: 150 },
    );
    fc.assert(
      fc.property(anyKernelSpec, fc.integer(), (spec, seed) => {
        const trace = drawn(kernelProgramOf(spec), seed);
        expect(orderOf(trace, true)).toEqual(orderOf(trace, false));
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('lead from one task to another, forwards, over a place that both touch', () => {
    const { detail } = firstOf(putAgainstWaiter());
    expect(detail.edges).toContainEqual({ from: 0, to: 1, over: 'thing#1.refcount_t.refs' });
    for (const { from, to } of detail.edges) expect(from).toBeLessThan(to);
  });
});

describe('the state of a schedule', () => {
  it('is what each step left, from what was there before', () => {
    const { finding, detail } = firstOf(putAgainstWaiter());
    expect(detail.initial['thing#1.refcount_t.refs']).toBe('1');
    expect(Object.values(detail.changes).flat()).toContainEqual({
      key: 'thing#1.refcount_t.refs',
      before: '1',
      after: '0',
    });
    expect(Object.keys(detail.changes).every((index) => Number(index) < finding.events)).toBe(true);
  });

  it('never changes a value to itself, and continues from the change before', () => {
    const { detail } = firstOf(readAgainstFree(2, 2));
    const values = new Map(Object.entries(detail.initial));
    for (const { key, before, after } of Object.values(detail.changes).flat()) {
      expect(before).toBe(values.get(key));
      expect(after).not.toBe(before);
      values.set(key, after);
    }
  });
});

describe('the life of an object', () => {
  it('tells who took and dropped a reference, who freed it, and who used it after', () => {
    const { finding, detail } = firstOf(putAgainstWaiter());
    const [life] = detail.objects;
    expect(life?.label).toBe('thing#1');
    expect(life?.allocated).toEqual({ index: -1, task: 'boot', stack: [] });
    expect(life?.references).toEqual([
      { index: 0, task: 'opener', fn: 'thing_put', change: 'dropped', counter: 'thing#1.refcount_t.refs', count: 0 },
    ]);
    expect(life?.freed).toMatchObject({ task: 'driver', stack: ['thing_release'] });
    expect(life?.usedAfter).toEqual([finding.events - 1]);
  });
});

it('names the lanes in order of their first step, and those that never got to one last', () => {
  const { finding, detail } = firstOf(lostWakeup());
  expect(finding.tasks).toEqual(['waker', 'waiter']);
  expect(detail.tasks.map(({ name }) => name)).toEqual(['waker', 'waiter', 'behind']);
  expect(detail.tasks.every(({ kind, cpu }) => kind === 'user' && cpu === 0)).toBe(true);
});
