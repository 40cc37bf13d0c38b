// SPDX-License-Identifier: GPL-2.0-only
import {
  alloc_workqueue,
  cancel_delayed_work_sync,
  cancel_work,
  cancel_work_sync,
  clear_bit,
  complete,
  completion,
  delayed_work,
  down_read,
  down_write,
  flush_work,
  KObject,
  kfree,
  load,
  mod_delayed_work,
  mutex,
  mutex_lock,
  mutex_unlock,
  queue_delayed_work,
  queue_work,
  rcu_assign_pointer,
  rw_semaphore,
  set_bit,
  settle,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_struct,
  store,
  synchronize_srcu,
  test_and_clear_bit,
  test_and_set_bit,
  up_read,
  up_write,
  wait_event,
  wait_for_completion,
  wait_queue_head,
  wake_up,
  work_struct,
  type Program,
  type Steps,
} from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { explore } from './explore.js';
import { compareWithPlain } from './primitives.test.kit.js';

class box extends KObject {
  value = 0;
  flags = 0;
}

class shared_state extends KObject {
  readonly srcu = new srcu_struct(this);
  readonly lock = new mutex(this);
  readonly sem = new rw_semaphore(this);
  readonly done = new completion(this);
  readonly queue = new wait_queue_head(this);
  readonly wq = alloc_workqueue('wq');
  readonly box = new box();
  readonly work = new work_struct(this, () => increment(this.box), 'work');
  readonly timed = new delayed_work(this, () => increment(this.box), 'timed');
  pointer: box | null = this.box;
  value = 0;
}

function* increment(target: box): Steps<void> {
  const value = yield* load(target, 'value');
  yield* store(target, 'value', value + 1);
}

/** What a generated task may do; each gives what it saw. */
const actions = {
  *look(s: shared_state): Steps<unknown> {
    const idx = yield* srcu_read_lock(s.srcu);
    const seen = yield* load(s, 'pointer');
    const value = seen === null ? -1 : yield* load(seen, 'value');
    yield* srcu_read_unlock(s.srcu, idx);
    return value;
  },
  *unpublish(s: shared_state): Steps<unknown> {
    yield* store(s, 'pointer', null);
    yield* synchronize_srcu(s.srcu);
    return undefined;
  },
  /** Frees without a grace period: readers may be inside. */
  *freeHastily(s: shared_state): Steps<unknown> {
    const pointer = yield* load(s, 'pointer');
    yield* store(s, 'pointer', null);
    if (pointer !== null) yield* kfree(pointer);
    return undefined;
  },
  *count(s: shared_state): Steps<unknown> {
    yield* mutex_lock(s.lock);
    const value = yield* load(s, 'value');
    yield* store(s, 'value', value + 1);
    yield* mutex_unlock(s.lock);
    return value;
  },
  *readSide(s: shared_state): Steps<unknown> {
    yield* down_read(s.sem);
    const value = yield* load(s, 'value');
    yield* up_read(s.sem);
    return value;
  },
  *writeSide(s: shared_state): Steps<unknown> {
    yield* down_write(s.sem);
    yield* store(s, 'value', 7);
    yield* up_write(s.sem);
    return undefined;
  },
  *complete(s: shared_state): Steps<unknown> {
    yield* complete(s.done);
    return undefined;
  },
  *waitForCompletion(s: shared_state): Steps<unknown> {
    yield* wait_for_completion(s.done);
    return undefined;
  },
  *sleep(s: shared_state): Steps<unknown> {
    yield* wait_event(s.queue, { object: s, field: 'value' }, () => s.value > 0);
    return undefined;
  },
  *wake(s: shared_state): Steps<unknown> {
    yield* store(s, 'value', 1);
    yield* wake_up(s.queue);
    return undefined;
  },
  setBit: (s: shared_state): Steps<unknown> => test_and_set_bit(0, s.box, 'flags'),
  clearBit: (s: shared_state): Steps<unknown> => test_and_clear_bit(0, s.box, 'flags'),
  setOtherBit: (s: shared_state): Steps<unknown> => test_and_set_bit(1, s.box, 'flags'),
  readWord: (s: shared_state): Steps<unknown> => load(s.box, 'flags'),
  clearWord: (s: shared_state): Steps<unknown> => store(s.box, 'flags', 0),
  queue: (s: shared_state): Steps<unknown> => queue_work(s.wq, s.work),
  flush: (s: shared_state): Steps<unknown> => flush_work(s.work),
  *flushAround(s: shared_state): Steps<unknown> {
    yield* flush_work(s.work);
    const queued = yield* queue_work(s.wq, s.work);
    yield* flush_work(s.work);
    return queued;
  },
  takeOff: (s: shared_state): Steps<unknown> => cancel_work(s.work),
  setAlone: (s: shared_state): Steps<unknown> => set_bit(0, s.box, 'flags'),
  clearAlone: (s: shared_state): Steps<unknown> => clear_bit(0, s.box, 'flags'),
  publish: (s: shared_state): Steps<unknown> => rcu_assign_pointer(s, 'pointer', s.box),
  withdraw: (s: shared_state): Steps<unknown> => rcu_assign_pointer(s, 'pointer', null),
  cancel: (s: shared_state): Steps<unknown> => cancel_work_sync(s.work),
  delay: (s: shared_state): Steps<unknown> => queue_delayed_work(s.wq, s.timed, 10),
  hurry: (s: shared_state): Steps<unknown> => mod_delayed_work(s.wq, s.timed, 0),
  cancelDelayed: (s: shared_state): Steps<unknown> => cancel_delayed_work_sync(s.timed),
  *settle(_s: shared_state, at: number): Steps<unknown> {
    yield* settle([at]);
    return undefined;
  },
} as const;

type Action = keyof typeof actions;

/** Names are the keys of the table above. */
const actionNames = Object.keys(actions) as Action[];

const programOf = (tasks: readonly (readonly Action[])[]): Program => ({
  name: tasks.map((task) => task.join(' ')).join(' | '),
  make(machine) {
    const state = new shared_state();
    machine.globals.set('state', state);
    const logs: unknown[][] = tasks.map(() => []);
    for (const [index, task] of tasks.entries()) {
      machine.spawn(`t${String(index)}`, function* () {
        for (const [at, action] of task.entries()) {
          const seen = yield* actions[action](state, at);
          if (typeof seen === 'number' || typeof seen === 'boolean') logs[index]?.push(seen);
        }
        yield* settle([]);
      });
    }
    return { outcome: () => ({ logs, value: state.value, box: [state.box.value, state.box.flags] }) };
  },
});

it('finds with SRCU, works, timers and locks of the kernel what the plain search finds', () => {
  expect(compareWithPlain(actionNames, programOf, { programs: 80, seed: 9, maxExecutions: 1_500 })).toBeGreaterThan(0);
}, 300_000);

describe('a reader and a removal', () => {
  it('is clean with a grace period before the free', () => {
    const program = programOf([
      ['look', 'look'],
      ['unpublish', 'count'],
    ]);
    expect(explore(program, { races: false })).toMatchObject({ complete: true, reports: [], ends: { stuck: 0 } });
  });

  it('is a use after free without one', () => {
    const { reports } = explore(programOf([['look'], ['freeHastily']]));
    expect(reports.map(({ report }) => report.class)).toContain('use-after-free');
  });
});

it('lets a delayed work be cancelled before, between and after expiry and start', () => {
  const found = explore(programOf([['delay', 'cancelDelayed']]));
  expect(found).toMatchObject({ complete: true, ends: { stuck: 0 } });
  expect(found.outcomes.map(({ key }) => key)).toEqual([
    '{"box":[0,0],"logs":[[true,true]],"value":0}',
    '{"box":[1,0],"logs":[[true,false]],"value":0}',
  ]);
});

it('explores a flush against runs of its work once for each number of runs', () => {
  const program: Program = {
    name: 'a flush while a work is queued again',
    make: (machine) => {
      const s = new shared_state();
      machine.globals.set('state', s);
      machine.spawn('kicks', function* () {
        yield* queue_work(s.wq, s.work);
        yield* queue_work(s.wq, s.work);
      });
      machine.spawn('flushes', () => flush_work(s.work));
      return { outcome: () => s.box.value };
    },
  };
  const { complete, outcomes, stats } = explore(program);
  expect({ complete, outcomes: new Set(outcomes.map(({ value }) => value)) }).toEqual({
    complete: true,
    outcomes: new Set([1, 2]),
  });
  // The flush before the queueings, between them and after; the second queueing before the work was taken and after.
  expect(stats.executions).toBeLessThanOrEqual(6);
});
