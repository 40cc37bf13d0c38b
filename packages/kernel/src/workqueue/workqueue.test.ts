// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { current } from '../current.js';
import { load } from '../memory/access.js';
import { kfree } from '../memory/alloc.js';
import { spin_lock_irqsave, spinlock_t } from '../locks/spinlock.js';
import { KObject } from '../object.js';
import { completion, wait_for_completion } from '../wait/completion.js';
import type { Steps } from '../step.js';
import { one } from '../testing/one.js';
import { everySchedule, run, seeded } from '../testing/run.js';
import {
  cancel_delayed_work,
  cancel_delayed_work_sync,
  delayed_work,
  flush_delayed_work,
  mod_delayed_work,
  queue_delayed_work,
} from './delayed-work.js';
import {
  alloc_workqueue,
  cancel_work_sync,
  destroy_workqueue,
  flush_work,
  kblockd,
  kblockd_schedule_work,
  queue_work,
  work_pending,
} from './queue-work.js';
import { work_struct } from './work.js';

class job extends KObject {
  runs = 0;
  inside = 0;
  readonly spin = new spinlock_t(this);
  readonly gate = new completion(this);
  readonly work: work_struct;
  readonly delayed: delayed_work;

  constructor(extra?: (j: job) => Steps<void>) {
    super();
    const body = (): Steps<void> => this.run(extra);
    this.work = new work_struct(this, body, 'job_work');
    this.delayed = new delayed_work(this, body, 'job_delayed');
  }

  private *run(extra?: (j: job) => Steps<void>): Steps<void> {
    if (++this.inside !== 1) throw new Error('the work runs twice at a time');
    this.runs++;
    yield* load(this, 'runs');
    if (extra !== undefined) yield* extra(this);
    this.inside--;
  }
}

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
        const first = yield* kblockd_schedule_work(j.work);
        const second = yield* kblockd_schedule_work(j.work);
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
    expect(yield* flush_work(j.work)).toBe(false);
    yield* queue_work(wq, j.work);
    expect(yield* work_pending(j.work)).toBe(true);
    expect(yield* flush_work(j.work)).toBe(true);
    expect(j.runs).toBe(1);
    yield* queue_delayed_work(wq, j.delayed, 10);
    expect(yield* flush_work(j.delayed)).toBe(false);
    expect(yield* flush_delayed_work(j.delayed)).toBe(true);
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

function* dropped(steps: Steps<unknown>): Steps<void> {
  yield* steps;
}

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

it('drains a workqueue before it is destroyed, and warns about a queueing after', () => {
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
      expect(reports).toEqual(['warning: workqueue: cannot queue job_work on wq wq']);
    },
  );
});

it('faults on a NULL work', () => {
  expect(
    one(function* () {
      yield* kblockd_schedule_work(null);
    }).reports,
  ).toEqual(['null-dereference: BUG: kernel NULL pointer dereference in fn, field data']);
});
