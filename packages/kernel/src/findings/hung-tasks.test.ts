// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { kfn } from '../kfn.js';
import { mutex, mutex_lock, mutex_unlock } from '../locks/mutex.js';
import { down_read, down_write, rw_semaphore } from '../locks/rw-semaphore.js';
import type { Machine } from '../machine.js';
import { load } from '../memory/access.js';
import { KObject } from '../object.js';
import type { Report } from '../report.js';
import { srcu_read_lock, srcu_struct, synchronize_srcu } from '../srcu/srcu.js';
import type { Steps } from '../step.js';
import { everySchedule, run } from '../testing/run.js';
import { completion, wait_for_completion } from '../wait/completion.js';
import { alloc_ordered_workqueue } from '../workqueue/alloc-workqueue.js';
import { flush_work, flush_workqueue } from '../workqueue/flush-work.js';
import { queue_work } from '../workqueue/queue-work.js';
import { work_struct } from '../workqueue/work.js';
import { hungTasks } from './hung-tasks.js';

class shared extends KObject {
  readonly a = new mutex(this);
  readonly b = new mutex(this);
  readonly sem = new rw_semaphore(this);
  readonly srcu = new srcu_struct(this);
  readonly done = new completion(this);
  value = 0;
}

const hungAfter = (make: (machine: Machine, o: shared) => void): Report[] =>
  hungTasks(
    run((machine) => {
      make(machine, new shared());
    }).machine,
  );

const lines = (reports: readonly Report[]): string[] => reports.map((report) => `${report.class}: ${report.message}`);

const lockBoth = kfn('lock_both', function* (first: mutex, second: mutex): Steps<void> {
  yield* mutex_lock(first);
  yield* mutex_lock(second);
  yield* mutex_unlock(second);
  yield* mutex_unlock(first);
});

it('names each task that waits for ever, where it stands and who has what it waits for', () => {
  const [report, ...others] = hungAfter((machine, o) => {
    machine.spawn('holder', function* () {
      yield* mutex_lock(o.a);
      yield* kfn('stuck_fn', () => wait_for_completion(o.done))();
    });
    machine.spawn('waiter', () => lockBoth(o.a, o.b));
  });
  expect(report).toMatchObject({
    class: 'hang',
    message: 'INFO: task holder blocked for more than 120 seconds.',
    object: 'shared#1.completion',
    task: 'holder',
    site: { fn: 'stuck_fn', op: 'wait_for_completion' },
    stack: ['stuck_fn'],
  });
  expect(others).toHaveLength(1);
  expect(others[0]).toMatchObject({
    task: 'waiter',
    others: [
      { role: 'waits at lock_both: mutex_lock mutex.owner', where: { task: 'waiter', stack: ['lock_both'] } },
      { role: 'shared#1.mutex held or run by', where: { task: 'holder', stack: ['stuck_fn'] } },
    ],
  });
});

it('makes one deadlock of tasks in a ring, and hangs of those that wait for them', () => {
  const seen = new Set<string>();
  everySchedule(
    (machine) => {
      const o = new shared();
      machine.spawn('t1', () => lockBoth(o.a, o.b));
      machine.spawn('t2', () => lockBoth(o.b, o.a));
    },
    ({ machine, end }) => {
      seen.add([end, ...lines(hungTasks(machine))].join('; '));
    },
  );
  expect([...seen].sort()).toEqual([
    'finished',
    'stuck; deadlock: INFO: task t1 blocked for more than 120 seconds, in a ring with t2.',
  ]);
});

it('finds the ring through semaphores and works', () => {
  const ringOf = (make: (machine: Machine, o: shared) => void): string[] => lines(hungAfter(make));
  expect(
    ringOf((machine, o) => {
      machine.spawn('a', function* () {
        yield* down_read(o.sem);
        yield* down_write(o.sem);
      });
    }),
  ).toEqual(['deadlock: INFO: task a blocked for more than 120 seconds, in a ring with itself.']);
  expect(
    ringOf((machine) => {
      const wq = alloc_ordered_workqueue('wq');
      const behind = new work_struct(undefined, function* () {}, 'behind');
      const first: work_struct = new work_struct(
        undefined,
        function* () {
          yield* queue_work(wq, behind);
          yield* flush_work(behind);
        },
        'first',
      );
      machine.spawn('t', function* () {
        yield* queue_work(wq, first);
        yield* flush_workqueue(wq);
      });
    }),
  ).toEqual([
    'deadlock: INFO: task kworker/first blocked for more than 120 seconds, in a ring with itself.',
    'hang: INFO: task t blocked for more than 120 seconds.',
  ]);
});

it('finds a writer that waits for a reader that waits for it, in the schedules that have it', () => {
  const seen = new Set<string>();
  everySchedule(
    (machine) => {
      const o = new shared();
      machine.spawn('reader', function* () {
        yield* srcu_read_lock(o.srcu);
        yield* mutex_lock(o.a);
        yield* mutex_unlock(o.a);
      });
      machine.spawn('writer', function* () {
        yield* mutex_lock(o.a);
        yield* synchronize_srcu(o.srcu);
        yield* mutex_unlock(o.a);
      });
    },
    ({ machine }) => {
      for (const line of lines(hungTasks(machine))) seen.add(line);
    },
  );
  expect([...seen].sort()).toEqual([
    'deadlock: INFO: task reader blocked for more than 120 seconds, in a ring with writer.',
    // The reader that never leaves its section, and has ended.
    'hang: INFO: task writer blocked for more than 120 seconds.',
  ]);
});

it('says nothing of a machine that can go on, has ended, or only has idle workers', () => {
  const { machine } = run(
    (m) => {
      const o = new shared();
      m.spawn('waiter', () => wait_for_completion(o.done));
      m.spawn('other', function* () {
        yield* load(o, 'value');
      });
    },
    { pick: () => undefined },
  );
  expect(hungTasks(machine)).toEqual([]);
  expect(hungAfter((m) => m.spawn('t', () => lockBoth(new mutex(), new mutex())))).toEqual([]);
});
