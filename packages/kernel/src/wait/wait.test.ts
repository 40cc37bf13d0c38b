// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { kfree } from '../memory/alloc.js';
import { store } from '../memory/access.js';
import { KObject } from '../object.js';
import { refcount_dec_and_test, refcount_read, refcount_t } from '../refcount/refcount.js';
import { everySchedule, run } from '../testing/run.js';
import { complete, complete_all, completion, reinit_completion, wait_for_completion } from './completion.js';
import { wait_event, wait_queue_head, wake_up } from './wait-queue.js';
import { wait_var_event, wake_up_var } from './wait-var.js';

class shared extends KObject {
  readonly wq = new wait_queue_head(this);
  readonly done = new completion(this);
  readonly ref = new refcount_t(this, 2);
  ready = false;
}

const outcomes = (make: Parameters<typeof everySchedule>[0]): string[] => {
  const seen = new Set<string>();
  everySchedule(make, ({ end, reports }) => seen.add([end, ...reports].join('; ')));
  return [...seen].sort();
};

it('wakes a waiter in every schedule when the condition changes before the wake up', () => {
  expect(
    outcomes((machine) => {
      const o = new shared();
      machine.spawn('waiter', () => wait_event(o.wq, { object: o, field: 'ready' }, () => o.ready));
      machine.spawn('waker', function* () {
        yield* store(o, 'ready', true);
        yield* wake_up(o.wq);
      });
    }),
  ).toEqual(['finished']);
});

it('loses the wake up in some schedule when it comes before the change', () => {
  expect(
    outcomes((machine) => {
      const o = new shared();
      machine.spawn('waiter', () => wait_event(o.wq, { object: o, field: 'ready' }, () => o.ready));
      machine.spawn('waker', function* () {
        yield* wake_up(o.wq);
        yield* store(o, 'ready', true);
      });
    }),
  ).toEqual(['finished', 'stuck']);
});

it('sleeps again when it was woken and the condition does not hold', () => {
  const { end } = run((machine) => {
    const o = new shared();
    machine.spawn('waiter', () => wait_event(o.wq, { object: o, field: 'ready' }, () => o.ready, []));
    machine.spawn('waker', () => wake_up(o.wq));
  });
  expect(end).toBe('stuck');
});

it('finds that the waiter may free what the waker still has to wake', () => {
  const make = (wakeInside: boolean) => (machine: Parameters<Parameters<typeof everySchedule>[0]>[0]) => {
    const o = new shared();
    machine.spawn('waiter', function* () {
      yield* refcount_dec_and_test(o.ref);
      yield* wait_var_event(o.ref, 'refs', function* () {
        return (yield* refcount_read(o.ref)) === 0;
      });
      yield* kfree(o);
    });
    machine.spawn('waker', function* () {
      if (!(yield* refcount_dec_and_test(o.ref))) return;
      if (wakeInside) yield* wake_up(o.wq);
      else yield* wake_up_var(o.ref, 'refs');
    });
  };
  // The queue of a variable is static, one inside the object is not.
  expect(outcomes(make(false))).toEqual(['finished']);
  expect(outcomes(make(true))).toContain('finished; use-after-free: KASAN: slab-use-after-free in waker');
});

it('lets as many go on as were completed, or all', () => {
  const ends = (completer: (c: completion) => ReturnType<typeof complete>) =>
    run((machine) => {
      const o = new shared();
      machine.spawn('a', () => wait_for_completion(o.done));
      machine.spawn('b', () => wait_for_completion(o.done));
      machine.spawn('c', () => completer(o.done));
    }).end;
  expect(ends(complete)).toBe('stuck');
  expect(ends(complete_all)).toBe('finished');
  expect(
    ends(function* (c) {
      yield* complete(c);
      yield* complete(c);
    }),
  ).toBe('finished');
});

it('waits again after reinit_completion()', () => {
  const { end } = run((machine) => {
    const { done } = new shared();
    machine.spawn('a', function* () {
      yield* complete_all(done);
      yield* wait_for_completion(done);
      yield* reinit_completion(done);
      yield* wait_for_completion(done);
    });
  });
  expect(end).toBe('stuck');
});
