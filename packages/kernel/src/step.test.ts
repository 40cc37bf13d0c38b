// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KObject } from './object.js';
import { clear_bit, set_bit } from './bits/bits.js';
import { rcu_assign_pointer, store, WRITE_ONCE } from './memory/access.js';
import { conflicts, elementOf, PLAIN, Step, WHOLE, type Access, type Steps } from './step.js';
import { one } from './testing/one.js';

class inner extends KObject {}

class outer extends KObject {
  readonly embedded = new inner(this);
}

const accesses: readonly Access[] = ['read', 'write', 'update', 'add'];

const anyFieldIn = fc.record({
  field: fc.constantFrom('flags', 'flags_more', 'flag', 'slots'),
  index: fc.option(fc.nat({ max: 11 }), { nil: undefined }),
});

interface Named {
  readonly field: string;
  readonly index: number | undefined;
}

const nameOf = ({ field, index }: Named): string => (index === undefined ? field : elementOf(field, index));

const step = (object: KObject, field: string, access: Access): Step =>
  new Step('op', object, field, access, 'fn', 0, PLAIN);

it('holds a field and its elements for overlapping, and elements for apart from each other', () => {
  fc.assert(
    fc.property(anyFieldIn, anyFieldIn, fc.constantFrom(...accesses), fc.constantFrom(...accesses), (a, b, x, y) => {
      const commute = x === y && (x === 'read' || x === 'add');
      const overlap = a.field === b.field && (a.index === undefined || b.index === undefined || a.index === b.index);
      one(function* () {
        const o = new outer();
        const [first, second] = [step(o, nameOf(a), x), step(o, nameOf(b), y)];
        expect(conflicts(first, second)).toBe(overlap && !commute);
        expect(conflicts(second, first)).toBe(overlap && !commute);
        expect(conflicts(first, step(o.embedded, nameOf(b), y))).toBe(false);
        expect(conflicts(first, step(o.embedded, WHOLE, 'write'))).toBe(true);
      });
    }),
  );
});

class cell extends KObject {
  flags = 0;
  to: cell | null = null;
  slots: (cell | null)[] = [null, null];
}

describe('two atomic writes of one field', () => {
  /** Do the first steps of the two conflict? */
  const clash = (bodies: (o: cell, a: cell, b: cell) => readonly [Steps<void>, Steps<void>]): boolean => {
    let found = false;
    one(function* () {
      const [first, second] = bodies(new cell(), new cell(), new cell()).map((body) => body.next().value);
      if (first instanceof Step && second instanceof Step) found = conflicts(first, second);
      expect([first, second].every((step) => step instanceof Step)).toBe(true);
    });
    return found;
  };

  it('commute when both leave the same there', () => {
    expect(clash((o) => [set_bit(1, o, 'flags'), set_bit(1, o, 'flags')])).toBe(false);
    expect(clash((o, a) => [rcu_assign_pointer(o, 'to', a), rcu_assign_pointer(o, 'to', a)])).toBe(false);
    expect(clash((o, a) => [rcu_assign_pointer(o, 'slots', a, 1), rcu_assign_pointer(o, 'slots', a, 1)])).toBe(false);
    expect(clash((o) => [WRITE_ONCE(o, 'to', null), rcu_assign_pointer(o, 'to', null)])).toBe(false);
  });

  it('do not when they leave something else, or when one is a plain access', () => {
    expect(clash((o) => [set_bit(1, o, 'flags'), clear_bit(1, o, 'flags')])).toBe(true);
    expect(clash((o, a, b) => [rcu_assign_pointer(o, 'to', a), rcu_assign_pointer(o, 'to', b)])).toBe(true);
    expect(clash((o, a) => [rcu_assign_pointer(o, 'slots', a, 1), WRITE_ONCE(o, 'slots', [null, a])])).toBe(true);
    expect(clash((o, a) => [store(o, 'to', a), rcu_assign_pointer(o, 'to', a)])).toBe(true);
    expect(clash((o, a) => [store(o, 'to', a), store(o, 'to', a)])).toBe(true);
  });
});
