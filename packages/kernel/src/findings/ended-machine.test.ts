// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { withCurrent } from '../current.js';
import type { Machine } from '../machine.js';
import { store } from '../memory/access.js';
import { kfree, kmalloc, kzalloc } from '../memory/alloc.js';
import { kmemleak_not_leak } from '../memory/heap.js';
import { list_head } from '../list/list-head.js';
import { list_add_tail } from '../list/list-modify.js';
import { delete_module, module, try_module_get } from '../module/module.js';
import { KObject } from '../object.js';
import { call_rcu, rcu_head } from '../rcu/callback.js';
import { rcu_read_lock } from '../rcu/rcu.js';
import type { Steps } from '../step.js';
import { one } from '../testing/one.js';
import { run } from '../testing/run.js';
import { mod_timer, timer_list } from '../time/timer.js';
import { completion, wait_for_completion } from '../wait/completion.js';
import { alloc_workqueue } from '../workqueue/alloc-workqueue.js';
import { delayed_work, queue_delayed_work } from '../workqueue/delayed-work.js';
import { queue_work } from '../workqueue/queue-work.js';
import { work_struct } from '../workqueue/work.js';
import { activeInFreedMemory } from './active-freed.js';
import { leaks } from './leaks.js';
import { unbalancedModules } from './module-references.js';

class entry extends KObject {
  readonly node = new list_head<entry>(this);
  child: entry | null = null;
}

class root extends KObject {
  readonly list = new list_head<entry>(this);
  readonly done = new completion(this);
  pointer: entry | null = null;
}

const make = (): Steps<entry> => kzalloc(() => new entry());

const leaked = (body: (r: root, machine: Machine) => Steps<void>, roots?: readonly unknown[]): string[] => {
  const { machine } = one(function* (m) {
    const r = new root();
    m.globals.set('root', r);
    yield* body(r, m);
  });
  return leaks(machine, roots).map(({ class: kind, message }) => `${kind}: ${message}`);
};

it('finds memory that was neither freed nor is pointed to from a global', () => {
  expect(
    leaked(function* (r) {
      yield* store(r, 'pointer', yield* make());
      const listed = yield* make();
      yield* list_add_tail(listed.node, r.list);
      yield* store(listed, 'child', yield* make());
      yield* kfree(yield* make());
      expect(new entry().child).toBeNull();
      yield* make();
      yield* kmalloc(() => new entry());
    }),
  ).toEqual(['leak: kmemleak: unreferenced object entry#6', 'leak: kmemleak: unreferenced object entry#7']);
});

it('names who allocated it', () => {
  const { machine } = one(function* () {
    yield* make();
  });
  expect(leaks(machine)[0]?.others).toEqual([{ role: 'allocated by', where: { task: 't', stack: ['fn'] } }]);
});

it('does not follow pointers in freed memory, and loses what only its own cycle points to', () => {
  expect(
    leaked(function* (r) {
      const parent = yield* make();
      yield* store(r, 'pointer', parent);
      yield* store(parent, 'child', yield* make());
      yield* kfree(parent);
      const [a, b] = [yield* make(), yield* make()];
      yield* store(a, 'child', b);
      yield* store(b, 'child', a);
    }),
  ).toEqual([
    'leak: kmemleak: unreferenced object entry#2',
    'leak: kmemleak: unreferenced object entry#3',
    'leak: kmemleak: unreferenced object entry#4',
  ]);
});

it('takes what the program names for referenced, and keeps quiet of what is said to be no leak', () => {
  const kept: unknown[] = [];
  expect(
    leaked(function* () {
      kept.push(yield* make());
      kmemleak_not_leak(yield* make());
    }, kept),
  ).toEqual([]);
});

it('says nothing while a task is in the middle of something: its locals are pointers', () => {
  expect(
    leaked(function* (r) {
      yield* make();
      yield* wait_for_completion(r.done);
    }),
  ).toEqual([]);
});

it('finds works, timers and callbacks that are still to run in freed memory', () => {
  class owner extends KObject {
    readonly timer = new timer_list(this, function* () {}, 'timer');
    readonly delayed = new delayed_work(this, function* () {}, 'delayed');
    readonly work = new work_struct(this, function* () {}, 'work');
    readonly rcu = new rcu_head(this);
  }
  const { machine } = run(
    (m) => {
      m.spawn('reader', () => rcu_read_lock());
      m.spawn('t', function* () {
        const o = yield* kzalloc(() => new owner());
        yield* mod_timer(o.timer, 5);
        yield* queue_delayed_work(alloc_workqueue('wq'), o.delayed, 5);
        yield* queue_work(alloc_workqueue('wq'), o.work);
        yield* call_rcu(o.rcu, function* free_it() {});
        yield* kfree(o);
      });
    },
    { pick: (enabled) => enabled.find(({ kind }) => kind === 'user') },
  );
  expect(activeInFreedMemory(machine).map(({ class: kind, message }) => `${kind}: ${message}`)).toEqual([
    'use-after-free: ODEBUG: active object type: work_struct hint: work in freed memory',
    'use-after-free: ODEBUG: active object type: rcu_head hint: free_it in freed memory',
    'use-after-free: ODEBUG: active object type: timer_list hint: timer in freed memory',
    'use-after-free: ODEBUG: active object type: timer_list hint: delayed timer in freed memory',
  ]);
  expect(activeInFreedMemory(one(() => rcu_read_lock()).machine)).toEqual([]);
});

it('finds modules with references that nobody accounts for', () => {
  let held: module | undefined;
  const { machine } = one(function* () {
    const core = new module('core');
    held = new module('driver', { uses: [core] });
    yield* try_module_get(held);
    yield* delete_module(new module('gone'));
  });
  const lines = (expected?: ReadonlyMap<module, number>): string[] =>
    withCurrent(machine, undefined, () => unbalancedModules(machine, expected)).map((r) => `${r.class}: ${r.message}`);
  expect(lines()).toEqual(['module: WARNING: module driver has 1 references, expected 0']);
  if (held === undefined) throw new Error('the task did not run');
  expect(lines(new Map([[held, 1]]))).toEqual([]);
});
