// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { mutex, mutex_lock } from '../locks/mutex.js';
import { load, rcu_assign_pointer, rcu_dereference, store } from '../memory/access.js';
import { kfree } from '../memory/alloc.js';
import { KObject } from '../object.js';
import { srcu_read_lock, srcu_read_unlock, srcu_struct } from '../srcu/srcu.js';
import type { Steps } from '../step.js';
import { one } from '../testing/one.js';
import { everySchedule, run, type Ran } from '../testing/run.js';
import { call_rcu, call_srcu, kfree_rcu, rcu_barrier, rcu_head, srcu_barrier } from './callback.js';
import { rcu_read_lock, rcu_read_unlock, rcu_readers, synchronize_rcu } from './rcu.js';

class node extends KObject {
  value = 1;
  readonly rcu = new rcu_head(this);
}

class shared extends KObject {
  pointer: node | null = new node();
  freed = 0;
  readonly srcu = new srcu_struct(this);
  readonly lock = new mutex(this);
}

function* reader(o: shared): Steps<void> {
  yield* rcu_read_lock();
  const at = yield* rcu_dereference(o, 'pointer');
  if (at !== null) yield* load(at, 'value');
  yield* rcu_read_unlock();
}

const ends = (remove: (o: shared, old: node | null) => Steps<void>): string[] => {
  const seen = new Set<string>();
  everySchedule(
    (machine) => {
      const o = new shared();
      machine.spawn('reader', () => reader(o));
      machine.spawn('writer', function* () {
        const old = o.pointer;
        yield* rcu_assign_pointer(o, 'pointer', null);
        yield* remove(o, old);
      });
    },
    ({ end, reports }: Ran) => {
      seen.add([end, ...reports].join('; '));
    },
  );
  return [...seen].sort();
};

it('keeps what a reader found until it has left, whichever way the writer waits', () => {
  expect(
    ends(function* (_o, old) {
      yield* synchronize_rcu();
      yield* kfree(old);
    }),
  ).toEqual(['finished']);
  expect(ends((_o, old) => kfree_rcu(old, old?.rcu ?? null))).toEqual(['finished']);
  expect(ends((_o, old) => call_rcu(old?.rcu ?? null, () => kfree(old)))).toEqual(['finished']);
  expect(ends((_o, old) => kfree(old))).toContain('finished; use-after-free: KASAN: slab-use-after-free in reader');
});

it('waits for the outermost of nested sections, and not for one that began later', () => {
  const order = new Set<string>();
  everySchedule(
    (machine) => {
      const o = new shared();
      let inside = 0;
      machine.spawn('nested', function* () {
        yield* rcu_read_lock();
        yield* rcu_read_lock();
        inside++;
        yield* rcu_read_unlock();
        yield* load(o, 'freed');
        inside--;
        yield* rcu_read_unlock();
      });
      machine.spawn('writer', function* () {
        yield* load(o, 'freed');
        const before = inside;
        yield* synchronize_rcu();
        const after = inside;
        yield* load(o, 'freed');
        order.add(`${String(before)} ${String(after)} ${String(inside)}`);
      });
    },
    ({ end, reports }) => {
      expect([end, reports]).toEqual(['finished', []]);
    },
  );
  // Who was inside before is outside after; who is inside later began later.
  expect([...order].sort()).toEqual(['0 0 0', '0 0 1', '1 0 0']);
});

it('names its readers, forbids to sleep among them, and to wait for oneself', () => {
  const { machine, reports, end } = one(function* () {
    yield* rcu_read_lock();
    expect(rcu_readers()).toEqual(['t']);
    yield* mutex_lock(new mutex());
    yield* synchronize_rcu();
  });
  expect(reports).toEqual([
    'sleep-in-atomic: BUG: sleeping function called from invalid context: mutex_lock',
    'sleep-in-atomic: BUG: sleeping function called from invalid context: synchronize_rcu',
    'deadlock: Illegal synchronize_rcu() in RCU read-side critical section',
  ]);
  expect([end, machine.task('t')?.pending?.value]).toEqual(['stuck', ['t']]);
});

it('reports a section that is never left, and one that was never entered', () => {
  expect(one(() => rcu_read_lock()).reports).toEqual([
    'deadlock: WARNING: lock held when returning to user space! rcu_state#1',
  ]);
  expect(one(() => rcu_read_unlock()).reports).toEqual(['warning: WARNING: bad unlock balance detected!']);
});

it('waits in a barrier for the callbacks queued before it, of its own domain', () => {
  everySchedule(
    (machine) => {
      const o = new shared();
      const [one, other] = [new node(), new node()];
      machine.spawn('reader', function* () {
        const idx = yield* srcu_read_lock(o.srcu);
        yield* srcu_read_unlock(o.srcu, idx);
      });
      machine.spawn('t', function* () {
        yield* call_srcu(o.srcu, one.rcu, () => store(o, 'freed', 1));
        yield* srcu_barrier(o.srcu);
        expect(o.freed).toBe(1);
        yield* call_rcu(other.rcu, () => store(o, 'freed', 2));
        yield* rcu_barrier();
        expect(o.freed).toBe(2);
        yield* rcu_barrier();
      });
    },
    ({ end, reports }) => {
      expect([end, reports]).toEqual(['finished', []]);
    },
  );
});

it('runs a callback where it must not sleep', () => {
  const { reports } = one(function* () {
    yield* call_rcu(new node().rcu, function* () {
      yield* mutex_lock(new mutex());
    });
  });
  expect(reports).toContain('sleep-in-atomic: BUG: sleeping function called from invalid context: mutex_lock');
});

it('reports a second call_rcu() of one head, and a free while the callback is queued', () => {
  const { reports } = run(
    (machine) => {
      const o = new node();
      machine.spawn('reader', function* () {
        yield* rcu_read_lock();
        yield* load(o, 'value');
        yield* load(o, 'value');
        yield* load(o, 'value');
        yield* rcu_read_unlock();
      });
      machine.spawn('t', function* () {
        yield* call_rcu(o.rcu, function* free_node() {
          yield* load(o, 'value');
        });
        yield* call_rcu(o.rcu, function* free_node() {});
        yield* kfree(o);
      });
    },
    {
      pick: (enabled, { steps }) => enabled[steps === 0 ? 0 : enabled.length - 1],
    },
  );
  expect(reports.slice(0, 2)).toEqual([
    'double-add: call_rcu(): Double-freed CB node#1.rcu_head->free_node()!!!',
    'use-after-free: ODEBUG: free active (active state 0) object type: rcu_head hint: free_node',
  ]);
});

it('faults on a NULL head and ignores a NULL object', () => {
  expect(one(() => call_rcu(null, function* () {})).reports).toEqual([
    'null-dereference: BUG: kernel NULL pointer dereference in fn, field next',
  ]);
  expect(one(() => kfree_rcu(null, null)).reports).toEqual([]);
});
