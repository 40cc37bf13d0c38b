// SPDX-License-Identifier: GPL-2.0-only
import { KObject } from '../object.js';
import type { Steps } from '../step.js';
import {
  refcount_dec_and_test,
  refcount_inc,
  refcount_inc_not_zero,
  refcount_read,
  refcount_set,
  refcount_t,
} from './refcount.js';

/** Kernel: struct kref. `initial` stands for a kref_init() before anybody else can see it. */
export class kref extends KObject {
  readonly refcount: refcount_t;

  constructor(container?: KObject, initial = 0) {
    super(container);
    this.refcount = new refcount_t(this, initial);
  }
}

/** Kernel: kref_init(). */
export const kref_init = (ref: kref): Steps<void> => refcount_set(ref.refcount, 1);

/** Kernel: kref_read(). */
export const kref_read = (ref: kref): Steps<number> => refcount_read(ref.refcount);

/** Kernel: kref_get(). */
export const kref_get = (ref: kref): Steps<void> => refcount_inc(ref.refcount);

/** Kernel: kref_get_unless_zero(). @returns false when the object is on its way out */
export const kref_get_unless_zero = (ref: kref): Steps<boolean> => refcount_inc_not_zero(ref.refcount);

/** Kernel: kref_put(). Runs `release` for the last reference. @returns true when it did */
export function* kref_put(ref: kref, release: (ref: kref) => Steps<void>): Steps<boolean> {
  if (!(yield* refcount_dec_and_test(ref.refcount))) return false;
  yield* release(ref);
  return true;
}
