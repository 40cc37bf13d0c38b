// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { kfree } from '../memory/alloc.js';
import { load, store } from '../memory/access.js';
import { KObject } from '../object.js';
import { refcount_dec_and_test, refcount_read, refcount_t } from '../refcount/refcount.js';
import { everySchedule, run } from '../testing/run.js';
import type { Steps } from '../step.js';
import {
  complete,
  complete_all,
  completion,
  completion_done,
  reinit_completion,
  try_wait_for_completion,
  wait_for_completion,
  wait_for_completion_timeout,
} from './completion.js';
import { wait_event, wait_event_idle_exclusive, wait_event_timeout } from './wait-event.js';
import { wait_queue_head, waitqueue_active, wake_up, wake_up_all, wake_up_nr } from './wait-queue.js';
import { wait_var_event, wait_var_event_timeout, wake_up_var } from './wait-var.js';

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

const waiting = (exclusive: boolean, n: number, wake: (wq: wait_queue_head) => Steps<void>): string[] => {
  const woken: string[] = [];
  run((machine) => {
    const o = new shared();
    const wait = exclusive ? wait_event_idle_exclusive : wait_event;
    for (let i = 0; i < n; i++) {
      machine.spawn(`w${String(i)}`, function* () {
        yield* wait(o.wq, { object: o, field: 'ready' }, () => o.ready);
        woken.push(`w${String(i)}`);
      });
    }
    machine.spawn('waker', function* () {
      while (!(yield* waitqueue_active(o.wq))) yield* load(o, 'ready');
      yield* store(o, 'ready', true);
      yield* wake(o.wq);
    });
  });
  return woken;
};

it('wakes one exclusive waiter in the order of coming, as many as asked for, or all', () => {
  expect(waiting(true, 3, wake_up)).toEqual(['w0']);
  expect(waiting(true, 3, (wq) => wake_up_nr(wq, 2))).toEqual(['w0', 'w1']);
  expect(waiting(true, 3, wake_up_all)).toHaveLength(3);
  expect(waiting(false, 3, wake_up)).toHaveLength(3);
});

it('gives what is left of a timeout, at least 1, or 0 when it passed without the condition', () => {
  const seen = new Set<string>();
  everySchedule(
    (machine) => {
      const o = new shared();
      machine.spawn('waiter', function* () {
        const left = yield* wait_event_timeout(o.wq, { object: o, field: 'ready' }, () => o.ready, 7);
        seen.add(`${String(left)} ${String(machine.clock.jiffies)} ${String(o.ready)}`);
      });
      machine.spawn('waker', function* () {
        yield* store(o, 'ready', true);
        yield* wake_up(o.wq);
      });
    },
    ({ end, reports, machine }) => {
      expect([end, reports, machine.clock.armed.size]).toEqual(['finished', [], 0]);
    },
  );
  // In time, in the last moment (the condition decides), and too late.
  expect([...seen].sort()).toEqual(['0 7 false', '0 7 true', '1 7 true', '7 0 true']);
});

it('waits for a variable or a completion with a timeout', () => {
  const left: number[] = [];
  const { machine } = run((m) => {
    const o = new shared();
    m.spawn('t', function* () {
      left.push(yield* wait_var_event_timeout(o, 'ready', () => o.ready, 3));
      left.push(yield* wait_for_completion_timeout(o.done, 4));
      yield* complete(o.done);
      left.push(yield* wait_for_completion_timeout(o.done, 5));
      expect(yield* completion_done(o.done)).toBe(false);
      expect(yield* try_wait_for_completion(o.done)).toBe(false);
      yield* complete_all(o.done);
      expect(yield* completion_done(o.done)).toBe(true);
      expect(yield* try_wait_for_completion(o.done)).toBe(true);
      left.push(yield* wait_for_completion_timeout(o.done, 5));
    });
  });
  expect([left, machine.clock.jiffies]).toEqual([[0, 0, 5, 5], 7]);
});

it('takes a completion or a timeout, never both, and leaves no timer behind', () => {
  const seen = new Set<string>();
  everySchedule(
    (machine) => {
      const o = new shared();
      machine.spawn('waiter', function* () {
        const left = yield* wait_for_completion_timeout(o.done, 2);
        seen.add(left === 0 ? 'timeout' : 'done');
      });
      machine.spawn('completer', () => complete(o.done));
    },
    ({ end, machine }) => {
      expect([end, machine.clock.armed.size]).toEqual(['finished', 0]);
    },
  );
  expect([...seen].sort()).toEqual(['done', 'timeout']);
});
