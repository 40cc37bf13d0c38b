// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import { KObject } from '../object.js';
import type { StepOptions, Steps } from '../step.js';

/** Kernel: struct module: a reference count, and text that is gone after the unload. */
export class module extends KObject {
  state: 'live' | 'going' | 'gone' = 'live';
  refcnt = 0;

  constructor(readonly name: string) {
    super();
  }
}

const FULL: StepOptions = { ordering: 'full' };

/** Kernel: try_module_get(). NULL (built in) always succeeds. @returns false when it is on its way out */
export function* try_module_get(mod: module | null | undefined): Steps<boolean> {
  if (mod === null || mod === undefined) return true;
  const step = makeStep('try_module_get', mod, 'refcnt', 'update', FULL);
  yield step;
  checkLive(mod);
  const got = mod.state === 'live';
  if (got) mod.refcnt++;
  step.value = got;
  return got;
}

/** Kernel: module_put(). One too many is reported. */
export function* module_put(mod: module | null | undefined): Steps<void> {
  if (mod === null || mod === undefined) return;
  yield makeStep('module_put', mod, 'refcnt', 'update', FULL);
  checkLive(mod);
  if (mod.refcnt === 0) {
    currentMachine().report('module', `WARNING: module_put: reference count of ${mod.name} underflows`, mod);
    return;
  }
  mod.refcnt--;
}

/** Kernel: module_refcount(). */
export function* module_refcount(mod: module): Steps<number> {
  const step = makeStep('module_refcount', mod, 'refcnt', 'read');
  yield step;
  step.value = mod.refcnt;
  return mod.refcnt;
}

/**
 * Kernel: delete_module(2): refused while there are references; then the exit function
 * runs, then the text is gone.
 * @returns 0, or -EWOULDBLOCK (-11)
 */
export function* delete_module(mod: module, exit?: () => Steps<void>): Steps<number> {
  const step = makeStep('delete_module', mod, 'refcnt', 'update', FULL);
  yield step;
  if (mod.refcnt > 0 || mod.state !== 'live') {
    step.value = -11;
    return -11;
  }
  mod.state = 'going';
  if (exit !== undefined) yield* exit();
  // Any step of anybody may be one in this module's text, so it commutes with none.
  yield makeStep('free_module', mod, 'refcnt', 'update', { barrier: true });
  mod.state = 'gone';
  return 0;
}
