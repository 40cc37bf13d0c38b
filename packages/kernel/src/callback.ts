// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from './current.js';
import { shown } from './shown.js';
import type { Steps } from './step.js';

/*
 * A driver may be written without types. Whoever calls its callbacks checks what they give,
 * around the `yield*`, so that a check is no layer that each step passes:
 *
 *   expectBoolean(NAME, yield* expectSteps(NAME, template.is_disabled(dev)))
 */

const broken = (callback: string, value: unknown, expected: string): never =>
  currentMachine().oops('driver-contract', `${callback} returned ${shown(value)}, expected ${expected}`, undefined);

/**
 * What a callback gave when it was called, before any of its steps.
 * @param callback its name, e.g. `mpath_head_template.is_disabled`
 * @throws Oops it is nothing that `yield*` takes: the callback is no generator function
 */
export const expectSteps = <R>(callback: string, value: Steps<R>): Steps<R> => {
  // The type is what a driver in JavaScript may have got wrong.
  const given: unknown = value;
  if (typeof given === 'object' && given !== null && Symbol.iterator in given) return value;
  return broken(callback, given, 'steps (a generator function)');
};

/** @throws Oops the callback did not return true or false */
export const expectBoolean = (callback: string, value: unknown): boolean =>
  typeof value === 'boolean' ? value : broken(callback, value, 'a boolean');

/** @throws Oops the callback did not return an integer: a number of bytes, 0 or -errno */
export const expectInteger = (callback: string, value: unknown): number =>
  typeof value === 'number' && Number.isInteger(value) ? value : broken(callback, value, 'an integer');

/** @throws Oops the callback did not return a string */
export const expectString = (callback: string, value: unknown): string =>
  typeof value === 'string' ? value : broken(callback, value, 'a string');

/** @throws Oops the callback returned neither NULL nor an object of the class */
export const expectPointer = <T extends object>(
  callback: string,
  value: unknown,
  type: abstract new (...args: never[]) => T,
): T | null => (value === null || value instanceof type ? value : broken(callback, value, `${type.name} or NULL`));
