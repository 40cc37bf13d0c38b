// SPDX-License-Identifier: GPL-2.0-only
import { makeStep } from '../kfn.js';
import { KObject } from '../object.js';
import type { Steps } from '../step.js';

/** Kernel: struct ida: the smallest number that is free. */
export class ida extends KObject {
  readonly used = new Set<number>();
}

/** Kernel: ida_alloc_min(). Context: may sleep. @returns the smallest free number ≥ `min` */
export function* ida_alloc_min(from: ida, min: number): Steps<number> {
  const step = makeStep('ida_alloc', from, 'used', 'update', { ordering: 'full' });
  yield step;
  let id = min;
  while (from.used.has(id)) id++;
  from.used.add(id);
  step.value = id;
  return id;
}

/** Kernel: ida_alloc(). */
export const ida_alloc = (from: ida): Steps<number> => ida_alloc_min(from, 0);

/** Kernel: ida_free(). */
export function* ida_free(from: ida, id: number): Steps<void> {
  const step = makeStep('ida_free', from, 'used', 'update', { ordering: 'full' });
  yield step;
  from.used.delete(id);
  step.value = id;
}
