// SPDX-License-Identifier: GPL-2.0-only
import type { KObject } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';

/**
 * What core.c hands back, as the class that whoever implements multipath made it of.
 * Errors: LMP-202 when somebody else made it.
 * @param what what it is no instance of then, in words
 */
export const madeBy =
  <T extends KObject>(made: abstract new (...args: never) => T, what: string): ((object: KObject) => T) =>
  (object) => {
    if (object instanceof made) return object;
    throw errors.fail('LMP-202', { message: `${object.label} is no ${what}`, todo: 'report this' });
  };
