// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mutex, mutex_lock, mutex_unlock } from '../locks/mutex.js';
import { kfree } from '../memory/alloc.js';
import { KObject } from '../object.js';
import { one } from '../testing/one.js';
import { everySchedule, run, seeded } from '../testing/run.js';
import { list_entries, list_head } from './list-head.js';
import {
  INIT_LIST_HEAD,
  list_add,
  list_add_rcu,
  list_add_tail,
  list_add_tail_rcu,
  list_del,
  list_del_init,
  list_del_rcu,
} from './list-modify.js';
import {
  list_empty,
  list_first_entry_or_null,
  list_first_or_null_rcu,
  list_is_singular,
  list_next_or_null,
  list_next_or_null_rcu,
} from './list-read.js';

class node extends KObject {
  readonly entry = new list_head<node>(this);
  constructor(readonly id: number) {
    super();
  }
}

class list extends KObject {
  readonly head = new list_head<node>(this);
  readonly lock = new mutex(this);
}

const ids = (l: list): number[] => list_entries(l.head).map(({ id }) => id);

it('keeps the order of a plain array for any sequence of changes', () => {
  const change = fc.tuple(fc.constantFrom('tail', 'front', 'after', 'del', 'init'), fc.nat({ max: 5 }));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const { reports } = one(function* () {
        const l = new list();
        const nodes = Array.from({ length: 6 }, (_, id) => new node(id));
        let expected: number[] = [];
        for (const [what, id] of changes) {
          const n = nodes[id];
          if (n === undefined) continue;
          const on = expected.includes(id);
          const after = nodes[expected[0] ?? -1];
          if (what === 'tail' && !on) {
            yield* list_add_tail(n.entry, l.head);
            expected.push(id);
          } else if (what === 'front' && !on) {
            yield* list_add(n.entry, l.head);
            expected.unshift(id);
          } else if (what === 'after' && !on && after !== undefined) {
            yield* list_add_rcu(n.entry, after.entry);
            expected.splice(1, 0, id);
          } else if (what === 'del' && on) {
            yield* list_del_rcu(n.entry);
            yield* INIT_LIST_HEAD(n.entry);
            expected = expected.filter((other) => other !== id);
          } else if (what === 'init') {
            yield* list_del_init(n.entry);
            expected = expected.filter((other) => other !== id);
          }
          expect(ids(l)).toEqual(expected);
          expect(yield* list_empty(l.head)).toBe(expected.length === 0);
          expect(yield* list_is_singular(l.head)).toBe(expected.length === 1);
        }
        const walked: number[] = [];
        for (let at = yield* list_first_entry_or_null(l.head); at; at = yield* list_next_or_null(l.head, at.entry)) {
          walked.push(at.id);
        }
        expect(walked).toEqual(expected);
      });
      expect(reports).toEqual([]);
    }),
  );
});

it('shows a walk every entry that was linked throughout, and ends it, in any interleaving', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const walks: number[][] = [];
      const { reports, end } = run((machine) => {
        const l = new list();
        const fixed = [0, 1, 2].map((id) => new node(id));
        const moving = [10, 11, 12].map((id) => new node(id));
        machine.spawn('boot', function* () {
          for (const [i, n] of fixed.entries()) {
            yield* list_add_tail_rcu(n.entry, l.head);
            const other = moving[i];
            if (other !== undefined) yield* list_add_tail_rcu(other.entry, l.head);
          }
          for (const [name, order] of [
            ['w0', moving],
            ['w1', [new node(20), new node(21)]],
          ] as const) {
            machine.spawn(name, function* () {
              for (const n of order) {
                yield* mutex_lock(l.lock);
                if (n.entry.list === null) yield* list_add_tail_rcu(n.entry, l.head);
                else yield* list_del_rcu(n.entry);
                yield* mutex_unlock(l.lock);
              }
            });
          }
          for (const name of ['r0', 'r1']) {
            machine.spawn(name, function* () {
              const walked: number[] = [];
              let at = yield* list_first_or_null_rcu(l.head);
              for (; at !== null; at = yield* list_next_or_null_rcu(l.head, at.entry)) walked.push(at.id);
              walks.push(walked);
            });
          }
        });
      }, seeded(seed));
      expect([reports, end, walks.length]).toEqual([[], 'finished', 2]);
      for (const walked of walks) {
        expect(walked.filter((id) => id < 10)).toEqual([0, 1, 2]);
        expect(new Set(walked).size).toBe(walked.length);
      }
    }),
    { numRuns: 300 },
  );
});

it('lets a walk that stands on an unlinked entry go on through the link it had', () => {
  const { reports } = one(function* () {
    const l = new list();
    const [a, b, c] = [new node(1), new node(2), new node(3)];
    for (const n of [a, b, c]) yield* list_add_tail_rcu(n.entry, l.head);
    yield* list_del_rcu(a.entry);
    yield* list_del_rcu(b.entry);
    expect(yield* list_next_or_null_rcu(l.head, a.entry)).toBe(b);
    expect(yield* list_next_or_null_rcu(l.head, b.entry)).toBe(c);
    expect(ids(l)).toEqual([3]);
  });
  expect(reports).toEqual([]);
});

it('faults on a walk over an entry that list_del() poisoned, and over freed memory', () => {
  const walk = (unlink: (n: node) => Generator) =>
    one(function* () {
      const l = new list();
      const n = new node(1);
      yield* list_add_tail(n.entry, l.head);
      yield* unlink(n) as ReturnType<typeof list_del>;
      yield* list_next_or_null(l.head, n.entry);
    }).reports;
  expect(walk((n) => list_del(n.entry))).toEqual([
    'use-after-free: Oops: general protection fault, probably for non-canonical address LIST_POISON1 in fn',
  ]);
  expect(walk((n) => list_del_init(n.entry))).toEqual([
    'livelock: watchdog: BUG: soft lockup - CPU#0 stuck: the walk left the list of list#1.list_head',
  ]);
  expect(
    walk(function* (n) {
      yield* list_del_rcu(n.entry);
      yield* kfree(n);
    }),
  ).toEqual(['use-after-free: KASAN: slab-use-after-free in fn']);
});

it('reports a walk that strays onto another list', () => {
  const { reports } = one(function* () {
    const [from, to] = [new list(), new list()];
    const n = new node(1);
    yield* list_add_tail(n.entry, from.head);
    yield* list_del_rcu(n.entry);
    yield* list_add_tail(n.entry, to.head);
    yield* list_next_or_null_rcu(from.head, n.entry);
  });
  expect(reports[0]).toMatch(/^livelock: watchdog: BUG: soft lockup/);
});

it('reports a double add and a double deletion, and leaves the list whole', () => {
  const { reports } = one(function* () {
    const l = new list();
    const n = new node(1);
    yield* list_add_tail_rcu(n.entry, l.head);
    yield* list_add_tail(n.entry, l.head);
    expect(ids(l)).toEqual([1]);
    yield* list_del_rcu(n.entry);
    yield* list_del_rcu(n.entry);
    yield* list_add_tail(n.entry, l.head);
    yield* list_del(n.entry);
    yield* list_del(n.entry);
    expect(ids(l)).toEqual([]);
  });
  expect(reports).toEqual([
    'double-add: list_add double add: new=node#1.list_head, prev=node#1.list_head, next=list#1.list_head.',
    'double-add: list_del corruption, node#1.list_head->prev is LIST_POISON2',
    'double-add: list_del corruption, node#1.list_head->next is LIST_POISON1',
  ]);
});

it('adds an entry once when two tasks race to add it, in every schedule', () => {
  everySchedule(
    (machine) => {
      const l = new list();
      const n = new node(1);
      for (const name of ['a', 'b']) machine.spawn(name, () => list_add_tail(n.entry, l.head));
    },
    ({ reports }) => {
      expect(reports).toHaveLength(1);
    },
  );
});
