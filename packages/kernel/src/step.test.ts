// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KObject } from './object.js';
import { conflicts, elementOf, PLAIN, Step, WHOLE, type Access } from './step.js';
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
