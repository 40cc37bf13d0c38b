// SPDX-License-Identifier: GPL-2.0-only
import { expectBoolean, expectInteger, expectSteps, type Steps } from '@libmultipath/kernel';
import type { mpath_device_base } from './mpath-device-base.js';
import type { mpath_head_template_base } from './template-base.js';

const callback = (name: string): string => `mpath_head_template.${name}`;

const IS_DISABLED = callback('is_disabled');
const IS_OPTIMIZED = callback('is_optimized');

/*
 * Whoever chooses a path asks about each, so that these two are no generator around the driver's own:
 *
 *   if (disabled(yield* is_disabled(mpdt, dev))) continue;
 */

/** Asks the driver, for {@link disabled} to take the answer. */
export const is_disabled = <D extends mpath_device_base>(mpdt: mpath_head_template_base<D>, dev: D): Steps<unknown> =>
  expectSteps(IS_DISABLED, mpdt.is_disabled(dev));

/** An answer that is none ends the task with a `driver-contract` report. */
export const disabled = (given: unknown): boolean => expectBoolean(IS_DISABLED, given);

/** Asks the driver, for {@link optimized} to take the answer. */
export const is_optimized = <D extends mpath_device_base>(mpdt: mpath_head_template_base<D>, dev: D): Steps<unknown> =>
  expectSteps(IS_OPTIMIZED, mpdt.is_optimized(dev));

/** As {@link disabled}. */
export const optimized = (given: unknown): boolean => expectBoolean(IS_OPTIMIZED, given);

/** What a callback that answers yes or no gave. */
export function* answer(name: string, steps: Steps<boolean>): Steps<boolean> {
  return expectBoolean(callback(name), yield* expectSteps(callback(name), steps));
}

/** What a callback gave that returns 0, a number or -errno. */
export function* number_from(name: string, steps: Steps<number>): Steps<number> {
  return expectInteger(callback(name), yield* expectSteps(callback(name), steps));
}
