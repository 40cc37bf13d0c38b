// SPDX-License-Identifier: GPL-2.0-only
import { KObject, load, Machine, msleep, store, withCurrent, type Steps } from '@libmultipath/kernel';
import { expect, it } from 'vitest';
import { peek } from './peek.js';

class box extends KObject {
  content = 7;
}

const machine = new Machine();
const held = withCurrent(machine, undefined, () => new box());

const peeked = (body: () => Steps<unknown>): unknown => peek(machine, body);

it('gives what a callback that reads would give, without a step of the machine', () => {
  expect(peeked(() => load(held, 'content'))).toEqual({ value: 7 });
  expect(machine.steps).toBe(0);
});

it('leaves a callback alone that writes, waits, or never ends', () => {
  function* writes(): Steps<number> {
    yield* store(held, 'content', 8);
    return 1;
  }
  function* ends(): Steps<never> {
    for (;;) yield* load(held, 'content');
  }
  expect([writes, () => msleep(1), ends].map(peeked)).toEqual([undefined, undefined, undefined]);
  expect(held.content).toBe(7);
});

it('keeps a fault to itself: it is reported when the callback is called in earnest', () => {
  expect(peeked(() => load<box, 'content'>(null, 'content'))).toBeUndefined();
  expect(machine.reports).toEqual([]);
});
