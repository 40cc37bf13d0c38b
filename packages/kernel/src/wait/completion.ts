// SPDX-License-Identifier: GPL-2.0-only
import { makeStep } from '../kfn.js';
import { checkLive, checkPointer } from '../memory/check.js';
import { KObject } from '../object.js';
import { might_sleep } from '../sched/might-sleep.js';
import type { StepOptions, Steps } from '../step.js';

/** Value of `done` after complete_all(). */
const UINT_MAX = 0xffffffff;

/** Kernel: struct completion. */
export class completion extends KObject {
  done = 0;
  readonly #waitOptions: StepOptions = {
    ordering: 'acquire',
    enabled: () => this.done > 0 || this.alloc.freedAt !== undefined,
  };

  get waitOptions(): StepOptions {
    return this.#waitOptions;
  }
}

const RELEASE: StepOptions = { ordering: 'release' };

/** Kernel: complete(): lets one waiter go on. Two of them commute. */
export function* complete(pointer: completion | null): Steps<void> {
  const c = checkPointer(pointer, 'done');
  yield makeStep('complete', c, 'done', 'add', RELEASE);
  checkLive(c);
  if (c.done !== UINT_MAX) c.done++;
}

/** Kernel: complete_all(): lets every waiter go on, now and later. */
export function* complete_all(pointer: completion | null): Steps<void> {
  const c = checkPointer(pointer, 'done');
  yield makeStep('complete_all', c, 'done', 'write', RELEASE);
  checkLive(c);
  c.done = UINT_MAX;
}

/** Kernel: reinit_completion(). */
export function* reinit_completion(pointer: completion | null): Steps<void> {
  const c = checkPointer(pointer, 'done');
  yield makeStep('reinit_completion', c, 'done', 'write');
  checkLive(c);
  c.done = 0;
}

/** Kernel: wait_for_completion(). Context: may sleep. `rest` makes it a rest point. */
export function* wait_for_completion(pointer: completion | null, rest?: readonly unknown[]): Steps<void> {
  const c = checkPointer(pointer, 'done');
  might_sleep('wait_for_completion', c);
  const options = rest === undefined ? c.waitOptions : { ...c.waitOptions, rest };
  yield makeStep('wait_for_completion', c, 'done', 'update', options);
  checkLive(c);
  if (c.done !== UINT_MAX) c.done--;
}
