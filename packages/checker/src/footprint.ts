// SPDX-License-Identifier: GPL-2.0-only
import type { Step, Touch } from '@libmultipath/kernel';

const overwrites = (touch: Touch, waiting: Step): boolean =>
  touch.object === waiting.object &&
  touch.field === waiting.field &&
  (touch.access === 'write' || touch.access === 'update' || touch.access === 'take');

/**
 * Does everything that conflicts with `waiting` conflict with `taken` too? Then no step
 * that commutes with `taken` can touch what `waiting` waits for, so whether `waiting` can
 * run is seen right after `taken`. True for a lock: one field, updated by everybody.
 */
export const covers = (taken: Step, waiting: Step): boolean =>
  waiting.also === undefined &&
  (overwrites(taken, waiting) || (taken.also?.some((touch) => overwrites(touch, waiting)) ?? false));
