// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { load } from '../memory/access.js';
import { complete, wait_for_completion } from '../wait/completion.js';
import { dropped, job } from '../testing/job.js';
import { one } from '../testing/one.js';
import { everySchedule, run } from '../testing/run.js';
import { alloc_ordered_workqueue, alloc_workqueue } from './alloc-workqueue.js';
import { cancel_work } from './cancel-work.js';
import { destroy_workqueue, drain_workqueue } from './destroy-workqueue.js';
import { WQ_MEM_RECLAIM, WQ_UNBOUND } from './flags.js';
import { flush_work, flush_workqueue } from './flush-work.js';
import { queue_work, queue_work_on } from './queue-work.js';
import type { WorkqueueOptions } from './workqueue-struct.js';

it('lets a blocked worker of a limited workqueue block the next item, in order of queueing', () => {
  const ran = (maxActive: number | undefined): string => {
    const order: string[] = [];
    const { end } = run((machine) => {
      const blocked = new job((j) => wait_for_completion(j.gate));
      const next = new job(function* (j) {
        order.push('next');
        yield* load(j, 'runs');
      });
      const wq = alloc_workqueue('wq', maxActive === undefined ? {} : { maxActive });
      machine.spawn('t', function* () {
        yield* queue_work(wq, blocked.work);
        yield* queue_work(wq, next.work);
      });
    });
    return `${end} ${order.join()}`;
  };
  expect(ran(1)).toBe('stuck ');
  expect(ran(2)).toBe('stuck next');
  expect(ran(undefined)).toBe('stuck next');
});

it('drains a workqueue before it is destroyed, and its memory is gone after', () => {
  everySchedule(
    (machine) => {
      const j = new job();
      const wq = alloc_workqueue('wq');
      machine.spawn('t', function* () {
        yield* queue_work(wq, j.work);
        yield* destroy_workqueue(wq);
        expect([j.runs, j.inside]).toEqual([1, 0]);
        yield* queue_work(wq, j.work);
      });
    },
    ({ reports }) => {
      expect(reports).toEqual(['use-after-free: KASAN: slab-use-after-free in t']);
    },
  );
});

it('lets only its own works queue on it while it drains, and drops others with a warning', () => {
  const seen = new Set<string>();
  everySchedule(
    (machine) => {
      const wq = alloc_workqueue('wq');
      const chained = new job();
      const first = new job(() => dropped(queue_work(wq, chained.work)));
      const outside = new job();
      machine.spawn('t', function* () {
        yield* queue_work(wq, first.work);
        yield* drain_workqueue(wq);
        expect([first.runs, chained.runs, wq.busy]).toEqual([1, 1, 0]);
      });
      machine.spawn('other', () => dropped(queue_work(wq, outside.work)));
    },
    ({ reports, end }) => {
      seen.add([end, ...reports].join('; '));
    },
  );
  expect([...seen].sort()).toEqual(['finished', 'finished; warning: workqueue: cannot queue job_work on wq wq']);
});

it('flushes what was queued on a workqueue before, and nothing later', () => {
  const seen = new Set<string>();
  everySchedule(
    (machine) => {
      const wq = alloc_workqueue('wq');
      const [before, later] = [new job(), new job()];
      machine.spawn('t', function* () {
        yield* queue_work(wq, before.work);
        yield* flush_workqueue(wq);
        expect(before.runs - before.inside).toBe(1);
        seen.add(`${String(later.runs)} ${String(later.work.pending)}`);
      });
      machine.spawn('other', () => dropped(queue_work(wq, later.work)));
    },
    ({ end, reports }) => {
      expect([end, reports]).toEqual(['finished', []]);
    },
  );
  expect([...seen].sort()).toEqual(['0 false', '0 true', '1 false']);
});

it('does not wait in a flush of a workqueue for a work that is cancelled meanwhile', () => {
  const { end } = run((machine) => {
    const wq = alloc_ordered_workqueue('wq');
    const blocked = new job((j) => wait_for_completion(j.gate));
    const behind = new job();
    machine.spawn('t', function* () {
      yield* queue_work(wq, blocked.work);
      yield* queue_work(wq, behind.work);
      yield* flush_work(behind.work);
    });
    machine.spawn('u', function* () {
      yield* cancel_work(behind.work);
      yield* complete(blocked.gate);
      yield* flush_workqueue(wq);
    });
  });
  expect(end).toBe('finished');
});

it('limits a bound workqueue for each CPU, an unbound one in all, and a rescuer to one at a time', () => {
  const ran = (options: WorkqueueOptions): string => {
    const order: string[] = [];
    run((machine) => {
      const wq = alloc_workqueue('wq', options);
      machine.spawn('t', function* () {
        for (const [name, cpu] of [
          ['a', 0],
          ['b', 0],
          ['c', 1],
          ['d', 1],
        ] as const) {
          const j = new job(function* (self) {
            order.push(name);
            yield* wait_for_completion(self.gate);
          });
          yield* queue_work_on(cpu, wq, j.work);
        }
      });
    });
    return order.sort().join('');
  };
  expect(ran({ maxActive: 1 })).toBe('ac');
  expect(ran({ maxActive: 1, flags: WQ_UNBOUND })).toBe('a');
  expect(ran({ maxActive: 3, flags: WQ_UNBOUND })).toBe('abc');
  expect(ran({ maxActive: 2, workers: 3 })).toBe('abc');
  expect(ran({ flags: WQ_MEM_RECLAIM, workers: 1 })).toBe('a');
  expect(ran({ maxActive: 0 })).toBe('abcd');
});

it('warns when a work that has a rescuer waits for one that has none', () => {
  const { reports } = one(function* () {
    const plain = alloc_workqueue('plain');
    const inner = new job((self) => wait_for_completion(self.gate));
    const outer = new job(() => dropped(flush_work(inner.work)));
    yield* queue_work(plain, inner.work);
    yield* queue_work(alloc_workqueue('reclaim', { flags: WQ_MEM_RECLAIM }), outer.work);
  });
  expect(reports).toEqual([
    'warning: workqueue: WQ_MEM_RECLAIM reclaim:job_work is flushing !WQ_MEM_RECLAIM plain:job_work',
  ]);
});

it('reports a work that flushes its own workqueue', () => {
  const { reports, end } = one(function* () {
    const wq = alloc_workqueue('wq');
    const j = new job(() => flush_workqueue(wq));
    yield* queue_work(wq, j.work);
  });
  expect([reports, end]).toEqual([
    ['deadlock: WARNING: possible recursive locking detected: job_work flushes its workqueue wq'],
    'stuck',
  ]);
});

it('gives no workqueue where the environment refuses it', () => {
  const seen = new Set<string>();
  everySchedule(
    (machine) => {
      machine.spawn('t', function* () {
        const wq = yield* alloc_workqueue('wq', { mayFail: true });
        seen.add(wq === null ? 'NULL' : wq.name);
        yield* destroy_workqueue(wq);
      });
    },
    ({ reports }) => {
      expect(reports.length).toBeLessThan(2);
    },
  );
  expect([...seen].sort()).toEqual(['NULL', 'wq']);
});
