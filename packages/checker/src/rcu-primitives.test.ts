// SPDX-License-Identifier: GPL-2.0-only
import {
  KObject,
  kfree,
  kfree_rcu,
  kzalloc,
  load,
  rcu_barrier,
  rcu_head,
  rcu_read_lock,
  rcu_read_unlock,
  settle,
  store,
  synchronize_rcu,
  type Program,
  type Steps,
} from '@libmultipath/kernel';
import { expect, it } from 'vitest';
import { explore } from './explore.js';
import { compareWithPlain } from './primitives.test.kit.js';

class page extends KObject {
  readonly rcu = new rcu_head(this);
  constructor(public value: number) {
    super();
  }
}

class device extends KObject {
  current: page | null = null;
  other: page | null = null;
}

type Field = 'current' | 'other';

const look = (field: Field) =>
  function* (dev: device): Steps<number> {
    yield* rcu_read_lock();
    const seen = yield* load(dev, field);
    const value = seen === null ? -1 : yield* load(seen, 'value');
    yield* rcu_read_unlock();
    return value;
  };

/** Takes what is there; two who do so at a time may both get it. */
function* swap(dev: device, field: Field, fresh: page | null): Steps<page | null> {
  const old = yield* load(dev, field);
  yield* store(dev, field, fresh);
  return old;
}

/** What a generated task may do; each gives what it saw. */
const actions = {
  look: look('current'),
  lookAtOther: look('other'),
  *replace(dev: device): Steps<number> {
    const fresh = yield* kzalloc(() => new page(2));
    const old = yield* swap(dev, 'current', fresh);
    yield* kfree_rcu(old, old?.rcu ?? null);
    return 0;
  },
  *drop(dev: device): Steps<number> {
    const old = yield* swap(dev, 'other', null);
    yield* kfree_rcu(old, old?.rcu ?? null);
    return 0;
  },
  *wait(dev: device): Steps<number> {
    const old = yield* swap(dev, 'other', null);
    yield* synchronize_rcu();
    if (old !== null) yield* kfree(old);
    return 0;
  },
  *barrier(): Steps<number> {
    yield* rcu_barrier();
    return 0;
  },
  /** Frees without a grace period: readers may be inside. */
  *freeHastily(dev: device): Steps<number> {
    const old = yield* swap(dev, 'current', null);
    if (old !== null) yield* kfree(old);
    return 0;
  },
  *write(dev: device): Steps<number> {
    const seen = yield* load(dev, 'current');
    yield* store(dev, 'other', seen);
    return 0;
  },
} as const;

type Action = keyof typeof actions;

/** Names are the keys of the table above. */
const actionNames = Object.keys(actions) as Action[];

const programOf = (tasks: readonly (readonly Action[])[]): Program => ({
  name: tasks.map((task) => task.join(' ')).join(' | '),
  make(machine) {
    const dev = new device();
    dev.current = new page(1);
    dev.other = new page(3);
    machine.globals.set('device', dev);
    const logs: number[][] = tasks.map(() => []);
    for (const [index, task] of tasks.entries()) {
      machine.spawn(`t${String(index)}`, function* () {
        for (const action of task) logs[index]?.push(yield* actions[action](dev));
        yield* settle([]);
      });
    }
    return { outcome: () => ({ logs, current: dev.current?.value ?? null, other: dev.other?.value ?? null }) };
  },
});

it('finds with readers, callbacks and grace periods of RCU what the plain search finds', () => {
  expect(compareWithPlain(actionNames, programOf, { programs: 40, seed: 5, maxExecutions: 600 })).toBeGreaterThan(0);
}, 300_000);

it('is clean with a grace period before the free, and a use after free without one', () => {
  expect(
    explore(
      programOf([
        ['look', 'look'],
        ['replace', 'replace'],
      ]),
      { races: false },
    ),
  ).toMatchObject({
    complete: true,
    reports: [],
    ends: { stuck: 0 },
  });
  const { reports } = explore(programOf([['look'], ['freeHastily']]));
  expect(reports.map(({ report }) => report.class)).toContain('use-after-free');
});
