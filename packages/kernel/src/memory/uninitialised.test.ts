// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { set_bit } from '../bits/bits.js';
import { stateDigest } from '../digest.js';
import { list_head } from '../list/list-head.js';
import { list_next_or_null } from '../list/list-read.js';
import { KObject } from '../object.js';
import { one } from '../testing/one.js';
import { load, store } from './access.js';
import { kmalloc, kzalloc } from './alloc.js';
import { initialised, isUninitialised, uninitialised } from './uninitialised.js';

class path extends KObject {
  readonly siblings = new list_head<path>(this);
  state = 0;
}

class head extends KObject {
  count = 3;
  flags = 0;
  dead = false;
  current: path | null = null;
  readonly list = new list_head<path>(this);

  constructor(
    readonly name: string,
    public node: number,
  ) {
    super();
  }
}

const KMSAN = 'uninitialised: BUG: KMSAN: uninit-value in fn';

it('passes a local on that nothing was stored in, through fields too, until somebody follows it', () => {
  const { reports, machine } = one(function* () {
    const h = new head('h', 0);
    const found = uninitialised<path | null>('struct path *', 'found');
    yield* store(h, 'current', found);
    const cached = yield* load(h, 'current');
    expect([isUninitialised(cached), isUninitialised(h), cached === found]).toEqual([true, false, true]);
    yield* load(cached, 'state');
    throw new Error('the task went on');
  });
  expect(reports).toEqual([KMSAN]);
  expect(machine.reports[0]).toMatchObject({
    object: 'struct path * found',
    others: [{ role: 'local variable found created by', where: { task: 't', stack: ['fn'] } }],
  });
});

it('faults as well on what is embedded in the structure it does not point to', () => {
  const { reports } = one(function* () {
    const h = new head('h', 0);
    const found = uninitialised<path>('struct path *', 'found');
    yield* list_next_or_null(h.list, found.siblings);
  });
  expect(reports).toEqual([KMSAN]);
});

it('reports a decision by it, and goes on with it', () => {
  const { reports, end } = one(function* () {
    const found = uninitialised<path | null>('struct path *', 'found');
    expect(initialised(found) === null).toBe(false);
    expect(initialised(null)).toBe(null);
    yield* load(new path(), 'state');
  });
  expect([reports, end]).toEqual([[KMSAN], 'finished']);
});

it('makes garbage of the scalars of kmalloc() memory, not of what the caller sets nor of kzalloc() memory', () => {
  const { reports, events } = one(function* () {
    const made = yield* kmalloc(() => new head('h', 7), { set: ['node'] });
    expect([made.name, made.node, made.list.next === made.list]).toEqual(['h', 7, true]);
    expect([made.count, made.flags, made.dead, made.current].map(isUninitialised)).toEqual([true, true, true, true]);
    yield* store(made, 'count', 1);
    expect(yield* load(made, 'count')).toBe(1);
    const zeroed = yield* kzalloc(() => new head('z', 0));
    expect(isUninitialised(zeroed.flags)).toBe(false);
  });
  expect([reports, events.length]).toEqual([[], 2]);
});

it('reports an operator on garbage, which counts as 0 then', () => {
  const { reports } = one(function* () {
    const made = yield* kmalloc(() => new head('h', 7));
    const count = yield* load(made, 'count');
    yield* store(made, 'count', count + 5);
    expect(yield* load(made, 'count')).toBe(5);
    expect((yield* load(made, 'flags')) > 0).toBe(false);
  });
  expect(reports).toEqual([KMSAN, KMSAN]);
  const bits = one(function* () {
    yield* set_bit(1, yield* kmalloc(() => new head('h', 7)), 'flags');
  });
  expect(new Set(bits.reports)).toEqual(new Set([KMSAN]));
});

it('is the same state wherever it was made, and another one than NULL', () => {
  const digestWith = (before: number, value: () => path | null): string | undefined => {
    const { machine } = one(function* (m) {
      for (let i = 0; i < before; i++) yield* kzalloc(() => new path());
      const h = new head('h', 0);
      m.globals.set('h', h);
      yield* store(h, 'current', value());
    });
    return stateDigest(machine);
  };
  const garbage = (): path | null => uninitialised('struct path *', 'found');
  expect(digestWith(0, garbage)).toBe(digestWith(2, garbage));
  expect(digestWith(0, garbage)).not.toBe(digestWith(0, () => null));
});
