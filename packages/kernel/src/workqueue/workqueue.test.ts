// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { current } from '../current.js';
import { kfree } from '../memory/alloc.js';
import { spin_lock_irqsave } from '../locks/spinlock.js';
import { complete, wait_for_completion } from '../wait/completion.js';
import type { Steps } from '../step.js';
import { dropped, job, signal } from '../testing/job.js';
import { one } from '../testing/one.js';
import { everySchedule, run, seeded } from '../testing/run.js';
import { alloc_workqueue, kblockd, system_long_wq, system_unbound_wq } from './alloc-workqueue.js';
import { cancel_work, cancel_work_sync } from './cancel-work.js';
import {
  cancel_delayed_work,
  cancel_delayed_work_sync,
  flush_delayed_work,
  mod_delayed_work,
  queue_delayed_work,
  kblockd_mod_delayed_work_on,
  schedule_delayed_work,
} from './delayed-work.js';
import { WQ_UNBOUND } from './flags.js';
import { flush_work } from './flush-work.js';
import { kblockd_schedule_work, queue_work, work_pending, delayed_work_pending, schedule_work } from './queue-work.js';

it('runs once for each queueing that succeeded, never twice at a time, in any interleaving', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 4 }), (seed, queuers) => {
      let queued = 0;
      let made: job | undefined;
      const { end, reports } = run((machine) => {
        const j = (made = new job());
        const wq = alloc_workqueue('wq');
        for (let n = 0; n < queuers; n++) {
          machine.spawn(`q${String(n)}`, function* () {
            for (let round = 0; round < 3; round++) if (yield* queue_work(wq, j.work)) queued++;
          });
        }
      }, seeded(seed));
      expect([end, reports, made?.runs]).toEqual(['finished', [], queued]);
    }),
  );
});

it('does nothing for a work that is pending, and queues one that runs', () => {
  const seen = new Set<string>();
  everySchedule(
    (machine) => {
      const j = new job();
      machine.spawn('t', function* () {
        const first = yield* queue_work(kblockd(), j.work);
        const second = yield* queue_work(kblockd(), j.work);
        yield* flush_work(j.work);
        seen.add(`${String(first)},${String(second)} ${String(j.runs)}`);
      });
    },
    ({ reports, end }) => {
      expect([end, reports]).toEqual(['finished', []]);
    },
  );
  expect([...seen].sort()).toEqual(['true,false 1', 'true,true 2']);
});

it('flushes the instance that is queued or runs, and no timer', () => {
  one(function* () {
    const j = new job();
    const wq = alloc_workqueue('wq');
    yield* flush_work(j.work);
    expect(j.runs).toBe(0);
    yield* queue_work(wq, j.work);
    expect(yield* work_pending(j.work)).toBe(true);
    yield* flush_work(j.work);
    expect(j.runs).toBe(1);
    yield* queue_delayed_work(wq, j.delayed, 10);
    yield* flush_work(j.delayed);
    expect(j.runs).toBe(1);
    yield* flush_delayed_work(j.delayed);
    expect(j.runs).toBe(2);
  });
});

it('does not wait in a flush for what is queued after it began', () => {
  const runs = new Set<number>();
  everySchedule(
    (machine) => {
      const j = new job();
      const wq = alloc_workqueue('wq');
      machine.spawn('flusher', function* () {
        yield* queue_work(wq, j.work);
        yield* flush_work(j.work);
        runs.add(j.runs);
      });
      machine.spawn('other', () => dropped(queue_work(wq, j.work)));
    },
    ({ end }) => {
      expect(end).toBe('finished');
    },
  );
  expect(runs).toEqual(new Set([1, 2]));
});

it('cancels a delayed work only before its start; expiry and start are two steps', () => {
  const seen = new Set<string>();
  everySchedule(
    (machine) => {
      const j = new job();
      const wq = alloc_workqueue('wq');
      machine.spawn('t', function* () {
        yield* queue_delayed_work(wq, j.delayed, 5);
        const queued = j.delayed.queued !== null;
        const cancelled = yield* cancel_delayed_work(j.delayed);
        yield* flush_work(j.delayed);
        seen.add(`${queued ? 'expired' : 'armed'} ${String(cancelled)} ${String(j.runs)}`);
      });
    },
    ({ end, reports }) => {
      expect([end, reports]).toEqual(['finished', []]);
    },
  );
  expect([...seen].sort()).toEqual(['armed false 1', 'armed true 0']);
});

it('waits in the sync cancellations, during which nobody can queue', () => {
  everySchedule(
    (machine) => {
      const j = new job();
      const wq = alloc_workqueue('wq');
      machine.spawn('a', function* () {
        yield* queue_delayed_work(wq, j.delayed, 1);
        yield* cancel_delayed_work_sync(j.delayed);
        expect(j.inside).toBe(0);
        yield* queue_work(wq, j.work);
        yield* cancel_work_sync(j.work);
        expect(j.inside).toBe(0);
        yield* kfree(j);
      });
    },
    ({ end, reports }) => {
      expect([end, reports]).toEqual(['finished', []]);
    },
  );
});

it('moves the time of a pending work with mod_delayed_work(), not with queue_delayed_work()', () => {
  const { machine } = one(function* () {
    const j = new job();
    const wq = alloc_workqueue('wq');
    expect(yield* mod_delayed_work(wq, j.delayed, 10)).toBe(false);
    expect(yield* queue_delayed_work(wq, j.delayed, 99)).toBe(false);
    expect(yield* mod_delayed_work(wq, j.delayed, 20)).toBe(true);
  });
  expect(machine.clock.jiffies).toBe(20);
});

it('queues at once without a delay', () => {
  const { machine } = one(function* () {
    const j = new job();
    yield* queue_delayed_work(alloc_workqueue('wq'), j.delayed, 0);
    yield* flush_work(j.delayed);
    expect(j.runs).toBe(1);
  });
  expect(machine.tasks.some((task) => task.kind === 'timer')).toBe(false);
});

it('runs on the CPU of who queued, and keeps kblockd as a global of the machine', () => {
  const cpus: number[] = [];
  const { machine } = run((m) => {
    const j = new job(function* () {
      cpus.push(current().cpu);
    });
    m.spawn('t', () => dropped(kblockd_schedule_work(j.work)), { cpu: 3 });
    m.spawn('check', function* () {
      expect(m.globals.get('kblockd')).toBe(kblockd());
    });
  });
  expect(cpus).toEqual([3]);
  expect(machine.task('kworker/job#1.job_work')?.kind).toBe('kworker');
});

it('reports a free while pending, by queue and by timer, and the run that follows', () => {
  const freed = (queue: (j: job) => Steps<boolean>): readonly string[] =>
    one(function* () {
      const j = new job();
      yield* queue(j);
      yield* kfree(j);
    }).reports;
  expect(freed((j) => queue_work(alloc_workqueue('wq'), j.work))).toEqual([
    'use-after-free: ODEBUG: free active (active state 0) object type: work_struct hint: job_work',
    'use-after-free: KASAN: slab-use-after-free in kworker/job#1.job_work',
  ]);
  expect(freed((j) => queue_delayed_work(alloc_workqueue('wq'), j.delayed, 4))[0]).toBe(
    'use-after-free: ODEBUG: free active (active state 0) object type: work_struct hint: job_delayed',
  );
});

it('lets a work free itself', () => {
  const { reports, end } = one(function* () {
    const j = new job((self) => kfree(self));
    yield* queue_work(alloc_workqueue('wq'), j.work);
  });
  expect([reports, end]).toEqual([[], 'finished']);
});

it('reports a work that flushes or cancels itself, and hangs', () => {
  const flushing = one(function* () {
    const j = new job((self) => dropped(flush_work(self.work)));
    yield* queue_work(alloc_workqueue('wq'), j.work);
  });
  expect([flushing.reports, flushing.end]).toEqual([
    ['deadlock: WARNING: possible recursive locking detected: job_work flushes itself'],
    'stuck',
  ]);
  const cancelling = one(function* () {
    const j = new job((self) => dropped(cancel_work_sync(self.work)));
    yield* queue_work(alloc_workqueue('wq'), j.work);
  });
  expect(cancelling.reports[0]).toContain('cancels itself');
});

it('reports a function that returns with a lock held', () => {
  const { reports } = one(function* () {
    const j = new job((self) => spin_lock_irqsave(self.spin));
    yield* queue_work(alloc_workqueue('wq'), j.work);
  });
  expect(reports).toEqual(['deadlock: BUG: workqueue leaked atomic, lock or RCU: job_work job#1.spinlock_t']);
});

it('cancels what is queued and lets what runs go on', () => {
  const { end, machine } = one(function* () {
    const wq = alloc_workqueue('wq');
    const begun = new signal();
    const j = new job(function* (self) {
      yield* complete(begun.done);
      yield* wait_for_completion(self.gate);
    });
    yield* queue_work(wq, j.work);
    yield* wait_for_completion(begun.done);
    yield* queue_work(wq, j.work);
    expect([yield* cancel_work(j.work), yield* cancel_work(j.work), j.inside]).toEqual([true, false, 1]);
    yield* complete(j.gate);
    yield* flush_work(j.work);
    expect(j.runs).toBe(1);
  });
  expect([end, machine.reports]).toEqual(['finished', []]);
});

it('faults on a NULL work', () => {
  expect(
    one(function* () {
      yield* kblockd_schedule_work(null);
    }).reports,
  ).toEqual(['null-dereference: BUG: kernel NULL pointer dereference in fn, field data']);
});

it('has the workqueues of the kernel, and moves a delayed work on one of them', () => {
  const { machine } = one(function* (m) {
    const j = new job();
    expect(yield* schedule_work(j.work)).toBe(true);
    yield* flush_work(j.work);
    expect(yield* schedule_delayed_work(j.delayed, 9)).toBe(true);
    expect(yield* delayed_work_pending(j.delayed)).toBe(true);
    expect(yield* kblockd_mod_delayed_work_on(0, j.delayed, 3)).toBe(true);
    yield* flush_delayed_work(j.delayed);
    expect([j.runs, m.globals.has('events'), m.globals.has('kblockd')]).toEqual([2, true, true]);
    expect([system_long_wq().name, system_unbound_wq().flags]).toEqual(['events_long', WQ_UNBOUND]);
  });
  expect(machine.reports).toEqual([]);
});
