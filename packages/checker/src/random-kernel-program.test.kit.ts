// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_dec_and_test,
  atomic_inc,
  atomic_read,
  atomic_t,
  bio,
  bio_endio,
  bio_list,
  bio_list_add,
  bio_list_get,
  boot,
  cancel_work_sync,
  delayed_work,
  flush_work,
  kfn,
  kfree,
  KObject,
  list_add_tail_rcu,
  list_del_rcu,
  list_first_or_null_rcu,
  list_head,
  load,
  load_at,
  mod_delayed_work,
  mutex,
  mutex_lock,
  mutex_unlock,
  queue_work,
  rcu_assign_pointer,
  rcu_dereference,
  settle,
  spin_lock,
  spin_unlock,
  spinlock_t,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_struct,
  store,
  store_at,
  synchronize_srcu,
  test_and_clear_bit,
  test_bit,
  set_bit,
  work_struct,
  workqueue_struct,
  type Program,
  type Steps,
} from '@libmultipath/kernel';
import fc from 'fast-check';

/* Small programs over the kernel's own primitives: what states between settle points are told by. */

const OPS = [
  'load',
  'store',
  'count',
  'add',
  'bit',
  'setBit',
  'clearBit',
  'locked',
  'spinning',
  'section',
  'synchronize',
  'pointer',
  'publish',
  'retire',
  'slot',
  'fillSlot',
  'park',
  'unpark',
  'queue',
  'flush',
  'cancel',
  'arm',
  'link',
  'unlink',
  'walk',
  'settle',
  'drop',
] as const;

export interface KernelOp {
  readonly op: (typeof OPS)[number];
  readonly n: number;
}

export interface KernelSpec {
  readonly tasks: readonly (readonly KernelOp[])[];
  /** Tasks of one kernel function, so that what they do looks the same; else each has its own. */
  readonly alike: boolean;
  /** How many do what the first does, and say so. */
  readonly copies: number;
}

class leaf extends KObject {
  value = 1;
  readonly node = new list_head<leaf>(this);
}

class trunk extends KObject {
  value = 0;
  flags = 0;
  current: leaf | null = null;
  readonly slots: (leaf | null)[] = [null, null];
  readonly lock = new mutex(this);
  readonly spin = new spinlock_t(this);
  readonly srcu = new srcu_struct(this);
  readonly users = new atomic_t(this, 1);
  readonly parked = new bio_list(this);
  readonly list = new list_head<leaf>(this);
  readonly leaves = [new leaf(), new leaf()];
  readonly wq = new workqueue_struct('wq');
  readonly work: work_struct;
  readonly delayed: delayed_work;

  constructor() {
    super();
    this.work = new work_struct(this, () => bump(this, 1), 'work');
    this.delayed = new delayed_work(this, () => bump(this, 2), 'delayed');
  }
}

const bump = kfn('bump', function* (o: trunk, by: number): Steps<void> {
  yield* store(o, 'value', ((yield* load(o, 'value')) + by) % 4);
});

const leafOf = (o: trunk, n: number): leaf | null => o.leaves[n % 2] ?? null;

const bodies: Readonly<Record<KernelOp['op'], (o: trunk, n: number, ended: () => void) => Steps<unknown>>> = {
  load: (o) => load(o, 'value'),
  store: (o, n) => store(o, 'value', n % 3),
  count: (o) => atomic_read(o.users),
  add: (o) => atomic_inc(o.users),
  bit: (o, n) => test_bit(n % 2, o, 'flags'),
  setBit: (o, n) => set_bit(n % 2, o, 'flags'),
  clearBit: (o, n) => test_and_clear_bit(n % 2, o, 'flags'),
  *locked(o) {
    yield* mutex_lock(o.lock);
    yield* bump(o, 1);
    yield* mutex_unlock(o.lock);
  },
  *spinning(o) {
    yield* spin_lock(o.spin);
    yield* spin_unlock(o.spin);
  },
  *section(o) {
    const idx = yield* srcu_read_lock(o.srcu);
    const at = yield* rcu_dereference(o, 'current');
    const seen = at === null ? 0 : yield* load(at, 'value');
    yield* srcu_read_unlock(o.srcu, idx);
    return seen;
  },
  synchronize: (o) => synchronize_srcu(o.srcu),
  pointer: (o) => rcu_dereference(o, 'current'),
  publish: (o, n) => rcu_assign_pointer(o, 'current', leafOf(o, n)),
  *retire(o) {
    const old = yield* rcu_dereference(o, 'current');
    yield* rcu_assign_pointer(o, 'current', null);
    yield* synchronize_srcu(o.srcu);
    yield* kfree(old);
  },
  slot: (o, n) => load_at(o, 'slots', n % 2),
  fillSlot: (o, n) => store_at(o, 'slots', n % 2, leafOf(o, n)),
  *park(o, _n, ended) {
    const what = new bio({
      *bi_end_io() {
        ended();
      },
    });
    yield* bio_list_add(o.parked, what);
  },
  *unpark(o) {
    let at = yield* bio_list_get(o.parked);
    let count = 0;
    while (at !== null) {
      const next: bio | null = at.bi_next;
      at.bi_next = null;
      yield* bio_endio(at);
      at = next;
      count++;
    }
    return count;
  },
  queue: (o) => queue_work(o.wq, o.work),
  flush: (o) => flush_work(o.work),
  cancel: (o) => cancel_work_sync(o.work),
  arm: (o, n) => mod_delayed_work(o.wq, o.delayed, n % 2),
  *link(o, n) {
    const at = leafOf(o, n);
    yield* mutex_lock(o.lock);
    if (at !== null && at.node.list === null) yield* list_add_tail_rcu(at.node, o.list);
    yield* mutex_unlock(o.lock);
  },
  *unlink(o, n) {
    const at = leafOf(o, n);
    yield* mutex_lock(o.lock);
    if (at !== null && at.node.list !== null) yield* list_del_rcu(at.node);
    yield* mutex_unlock(o.lock);
  },
  *walk(o) {
    return (yield* list_first_or_null_rcu(o.list)) === null ? 0 : 1;
  },
  settle: () => settle(),
  drop: (o) => atomic_dec_and_test(o.users),
};

const told = (o: trunk, seen: unknown): number => {
  if (typeof seen === 'number') return seen;
  if (seen instanceof leaf) return 1 + o.leaves.indexOf(seen);
  return seen === true ? 1 : 0;
};

/** The program that a spec says; tasks keep what they saw, coarsely, so that schedules fall together. */
export const kernelProgramOf = (spec: KernelSpec): Program => ({
  name: 'random kernel program',
  make(machine) {
    const o = new trunk();
    machine.globals.set('o', o);
    const [first = []] = spec.tasks;
    const bodiesOf = [...Array.from({ length: spec.copies }, () => first), ...spec.tasks];
    const sums: number[] = bodiesOf.map(() => 0);
    let ended = 0;
    boot(machine, () => list_add_tail_rcu(leafOf(o, 0)?.node ?? o.list, o.list));
    o.current = leafOf(o, 0);
    for (const [index, ops] of bodiesOf.entries()) {
      machine.spawn(
        `t${String(index)}`,
        kfn(spec.alike ? 'worker' : `t${String(index)}`, function* () {
          for (const { op, n } of ops) {
            const seen = told(o, yield* bodies[op](o, n, () => ended++));
            sums[index] = ((sums[index] ?? 0) * 3 + seen) % 5;
          }
        }),
      );
    }
    const same = Array.from({ length: spec.copies + 1 }, (_, index) => ({ tasks: [`t${String(index)}`] }));
    return {
      symmetries: spec.copies > 0 ? [same] : [],
      outcome: () => ({
        value: o.value,
        flags: o.flags,
        users: o.users.counter,
        current: told(o, o.current),
        slots: o.slots.map((slot) => told(o, slot)),
        ended,
        sums: [...sums.slice(0, same.length).sort((a, b) => a - b), ...sums.slice(same.length)],
      }),
    };
  },
});

const themes: readonly (readonly KernelOp['op'][])[] = [
  ['load', 'store', 'locked', 'bit', 'setBit', 'clearBit', 'spinning'],
  ['section', 'synchronize', 'publish', 'retire', 'pointer'],
  ['park', 'unpark', 'count', 'add', 'drop', 'slot', 'fillSlot'],
  ['queue', 'flush', 'cancel', 'arm', 'load', 'store', 'settle'],
  ['link', 'unlink', 'walk', 'section', 'locked'],
  OPS,
];

const bodyOf = (ops: readonly KernelOp['op'][]): fc.Arbitrary<KernelOp[]> =>
  fc.array(fc.record({ op: fc.constantFrom(...ops), n: fc.nat(3) }), { minLength: 1, maxLength: 3 });

/** Two or three tasks of up to three bodies, most of them about one thing. */
export const anyKernelSpec: fc.Arbitrary<KernelSpec> = fc.constantFrom(...themes).chain((ops) =>
  fc.record({
    tasks: fc.array(bodyOf(ops), { minLength: 2, maxLength: 3 }),
    alike: fc.boolean(),
    copies: fc.constant(0),
  }),
);

/** One or two tasks, and one or two more that do what the first does. */
export const anySymmetricSpec: fc.Arbitrary<KernelSpec> = fc.constantFrom(...themes).chain((ops) =>
  fc.record({
    tasks: fc.array(bodyOf(ops), { minLength: 1, maxLength: 2 }),
    alike: fc.constant(true),
    copies: fc.integer({ min: 1, max: 2 }),
  }),
);
