// SPDX-License-Identifier: GPL-2.0-only
import {
  data_race,
  kfn,
  kfree,
  KObject,
  load,
  makeStep,
  mutex,
  mutex_lock,
  mutex_unlock,
  refcount_dec_and_test,
  refcount_t,
  store,
  wait_queue_head,
  wait_event,
  wake_up,
  type Program,
  type Steps,
} from '@libmultipath/kernel';
import * as toy from '../toy.test.kit.js';

/** A structure with a life. */
export class thing extends KObject {
  value = 1;
  other = 2;
  ready = false;
  readonly refs = new refcount_t(this, 1);
  readonly first = new mutex(this);
  readonly second = new mutex(this);
}

/** That nothing orders it is not what these defects are about. */
const unordered = (o: thing, ready: boolean): Steps<void> => data_race(store(o, 'ready', ready));

const thing_read = kfn('thing_read', function* (o: thing): Steps<void> {
  yield* load(o, 'value');
  yield* load(o, 'other');
});

export const thing_release = kfn('thing_release', function* (o: thing): Steps<void> {
  yield* unordered(o, false);
  yield* kfree(o);
});

/** A reader against a free: two races, one for each field, in one pair of functions. Bystanders have nothing to do with it. */
export const readAgainstFree = (bystanders = 0, readers = 1): Program =>
  toy.program('read against free', (machine) => {
    const o = new thing();
    const cell = new toy.cell();
    for (let nth = 0; nth < bystanders; nth++) {
      machine.spawn(`bystander ${String(nth)}`, function* () {
        for (let round = 0; round < 2; round++) yield* toy.increment(cell);
      });
    }
    for (let nth = 0; nth < readers; nth++) machine.spawn(`reader ${String(nth)}`, () => thing_read(o));
    machine.spawn('remover', () => thing_release(o));
    return () => null;
  });

const put = kfn('thing_put', function* (o: thing): Steps<void> {
  if (yield* refcount_dec_and_test(o.refs)) yield* unordered(o, true);
});

function* until_zero(refs: refcount_t): Steps<void> {
  yield makeStep('until_zero', refs, 'refs', 'read', { enabled: () => refs.refs === 0 });
}

/** The last put goes on with memory that a waiter for zero frees: the shape of R-09. */
export const putAgainstWaiter = (): Program =>
  toy.program('put against waiter', (machine) => {
    const o = new thing();
    machine.spawn('opener', () => put(o));
    machine.spawn('driver', function* () {
      yield* until_zero(o.refs);
      yield* thing_release(o);
    });
    return () => null;
  });

const lockBoth = (name: string, swapped: boolean) =>
  kfn(name, function* (o: thing): Steps<void> {
    const [one, two] = swapped ? [o.second, o.first] : [o.first, o.second];
    yield* mutex_lock(one);
    yield* mutex_lock(two);
    yield* mutex_unlock(two);
    yield* mutex_unlock(one);
  });

const lock_forward = lockBoth('lock_forward', false);
const lock_backward = lockBoth('lock_backward', true);

/** Two locks in opposite order, beside bystanders. */
export const abba = (bystanders = 0): Program =>
  toy.program('abba', (machine) => {
    const o = new thing();
    const cell = new toy.cell();
    for (let nth = 0; nth < bystanders; nth++) machine.spawn(`bystander ${String(nth)}`, () => toy.write(cell, nth));
    machine.spawn('forward', () => lock_forward(o));
    machine.spawn('backward', () => lock_backward(o));
    return () => null;
  });

const wait_ready = kfn('wait_ready', function* (o: thing, queue: wait_queue_head): Steps<void> {
  yield* wait_event(queue, { object: o, field: 'ready' }, () => o.ready);
});

/** A waker that wakes before it sets what is waited for; whoever wants the lock waits behind. */
export const lostWakeup = (): Program =>
  toy.program('lost wakeup', (machine) => {
    const o = new thing();
    const queue = new wait_queue_head();
    machine.spawn('waiter', function* () {
      yield* mutex_lock(o.first);
      yield* wait_ready(o, queue);
      yield* mutex_unlock(o.first);
    });
    machine.spawn('waker', function* () {
      yield* wake_up(queue);
      yield* unordered(o, true);
    });
    machine.spawn('behind', function* () {
      yield* mutex_lock(o.first);
      yield* mutex_unlock(o.first);
    });
    return () => null;
  });

/** Shows only when two tasks alternate `turns` times. */
export const pingPong = (turns: number): Program =>
  toy.program(`ping pong ${String(turns)}`, (machine) => {
    const turn = new toy.cell();
    const o = new thing();
    for (const [parity, name] of ['ping', 'pong'].entries()) {
      machine.spawn(name, function* () {
        for (let round = 0; round < turns; round++) {
          const value = yield* toy.read(turn);
          if (value % 2 !== parity) continue;
          yield* toy.write(turn, value + 1);
          if (value + 1 === turns) yield* kfree(o);
        }
        yield* load(o, 'value');
      });
    }
    return () => null;
  });
