// SPDX-License-Identifier: GPL-2.0-only
import { expect, expectTypeOf, it } from 'vitest';

import { defineErrors } from './catalogue.js';
import { isLmpError } from './lmp-error.js';

const entry = { title: 'A number that tests use', explain: 'It is declared in a test.', exit: 2 } as const;
const errors = defineErrors({ 'LMP-998': entry, 'LMP-999': { ...entry, exit: 70 } });

it('keeps every entry as it was declared', () => {
  expect(Object.keys(errors.catalogue)).toEqual(['LMP-998', 'LMP-999']);
  expect(errors.catalogue['LMP-999']).toEqual({ ...entry, exit: 70 });
});

it('makes an error with the number and all its fields', () => {
  const cause = new Error('below');
  const error = errors.fail('LMP-998', { message: 'm', where: 'w', todo: 't', cause });
  expect(isLmpError(error)).toBe(true);
  expect(error).toMatchObject({ code: 'LMP-998', message: 'm', where: 'w', todo: 't', cause });
});

it('accepts only the numbers that were declared', () => {
  expectTypeOf(errors.fail).parameter(0).toEqualTypeOf<'LMP-998' | 'LMP-999'>();
});
