// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';

import { isLmpError, LmpError } from './lmp-error.js';

it('prints code, place, message and then what to do', () => {
  const error = new LmpError('LMP-401', {
    where: 'a.yaml:3:7',
    message: 'expected a list, found a number',
    todo: 'write the paths as a list',
  });
  expect(error.format()).toBe('LMP-401: a.yaml:3:7: expected a list, found a number\n  → write the paths as a list');
});

it('leaves out the place and the advice that it was not given', () => {
  const error = new LmpError('LMP-900', { message: 'expected a name' });
  expect(error.format()).toBe('LMP-900: expected a name');
  expect(error.where).toBeUndefined();
  expect(error.todo).toBeUndefined();
});

it('keeps the cause, and has none when none was given', () => {
  const cause = new Error('ENOENT');
  expect(new LmpError('LMP-701', { message: 'no socket', cause }).cause).toBe(cause);
  expect(Object.hasOwn(new LmpError('LMP-701', { message: 'no socket' }), 'cause')).toBe(false);
});

it('is an Error with a name and a stack', () => {
  const error = new LmpError('LMP-001', { message: 'x' });
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe('LmpError');
  expect(error.stack).toContain('lmp-error.test');
});

it('is told apart from other errors and from things shaped like it', () => {
  expect(isLmpError(new LmpError('LMP-001', { message: 'x' }))).toBe(true);
  expect(isLmpError(new Error('x'))).toBe(false);
  expect(isLmpError({ code: 'LMP-001', message: 'x', name: 'LmpError' })).toBe(false);
  expect(isLmpError(undefined)).toBe(false);
});
