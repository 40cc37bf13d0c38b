// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { E } from '../errno/errno.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import type { Machine } from '../machine.js';
import { KObject } from '../object.js';
import { FULL, type Steps } from '../step.js';

/**
 * Kernel: enum module_state (MODULE_STATE_COMING, _LIVE, _GOING), and `gone`: its memory was freed, text
 * and `struct module` itself.
 */
export type ModuleState = 'coming' | 'live' | 'going' | 'gone';

export interface ModuleInit {
  /** Modules whose symbols it uses: it holds a reference of each while it is loaded. */
  readonly uses?: readonly module[];
  /** Default `live`; a module that init_module() is to load starts as `coming`. */
  readonly state?: 'coming' | 'live';
}

/** Modules of a machine, in order of creation: what a look at the end goes through. */
const modules = new WeakMap<Machine, module[]>();

/** All modules of the machine, in order of creation. */
export const modulesOf = (machine: Machine): readonly module[] => modules.get(machine) ?? [];

/**
 * Kernel: struct module: a reference count, and text that is gone after the unload. What is built
 * into the kernel has none: a NULL pointer.
 */
export class module extends KObject {
  state: ModuleState;
  refcnt = 0;
  readonly uses: readonly module[];

  constructor(
    readonly name: string,
    { uses = [], state = 'live' }: ModuleInit = {},
  ) {
    super();
    this.uses = uses;
    this.state = state;
    for (const used of uses) used.refcnt++;
    const machine = currentMachine();
    const known = modules.get(machine);
    if (known === undefined) modules.set(machine, [this]);
    else known.push(this);
  }
}

/** Its `struct module` lies in the memory that the unload freed. */
const checkMapped = (mod: module): void => {
  checkLive(mod);
  if (mod.state !== 'gone') return;
  currentMachine().oops(
    'module',
    `BUG: unable to handle page fault for address: struct module [${mod.name}] (unloaded)`,
    mod,
  );
};

/**
 * Kernel: try_module_get(). NULL (built in) always succeeds; so does a module that is coming.
 * @returns false when it is on its way out
 */
export function* try_module_get(mod: module | null | undefined): Steps<boolean> {
  if (mod === null || mod === undefined) return true;
  const step = makeStep('try_module_get', mod, 'refcnt', 'update', FULL);
  yield step;
  checkMapped(mod);
  const got = mod.state !== 'going';
  if (got) mod.refcnt++;
  step.value = got;
  return got;
}

/** Kernel: __module_get(): by somebody who has a reference already. */
export function* __module_get(mod: module | null | undefined): Steps<void> {
  if (mod === null || mod === undefined) return;
  yield makeStep('__module_get', mod, 'refcnt', 'update', FULL);
  checkMapped(mod);
  mod.refcnt++;
}

/** Kernel: module_put(). One too many is reported. */
export function* module_put(mod: module | null | undefined): Steps<void> {
  if (mod === null || mod === undefined) return;
  yield makeStep('module_put', mod, 'refcnt', 'update', FULL);
  checkMapped(mod);
  if (mod.refcnt === 0) {
    currentMachine().report('module', `WARNING: module_put: reference count of ${mod.name} underflows`, mod);
    return;
  }
  mod.refcnt--;
}

/** Kernel: module_refcount(); -1 once the unload has begun, as the kernel gives it. */
export function* module_refcount(mod: module): Steps<number> {
  const step = makeStep('module_refcount', mod, 'refcnt', 'read');
  yield step;
  checkMapped(mod);
  const count = mod.state === 'going' ? -1 : mod.refcnt;
  step.value = count;
  return count;
}

/** Kernel: free_module(): references of others go back, and nothing of it can be touched any more. */
function* free_module(mod: module): Steps<void> {
  for (const used of mod.uses) yield* module_put(used);
  yield makeStep('free_module', mod, 'text', 'write', {
    ordering: 'full',
    also: [{ object: mod, field: 'refcnt', access: 'update' }],
  });
  mod.state = 'gone';
}

/**
 * Runs the module's init function; when that fails the module is unloaded again.
 * Kernel: do_init_module(), by init_module(2).
 * @param mod a module that was made `coming`
 * @returns 0, or what the init function returned
 */
export function* init_module(mod: module, init: () => Steps<number>): Steps<number> {
  const error = yield* init();
  yield makeStep('init_module', mod, 'refcnt', 'update', FULL);
  mod.state = error === 0 ? 'live' : 'going';
  if (error !== 0) yield* free_module(mod);
  return error;
}

/**
 * Refused while there are references; then nobody gets one, the exit function runs, and the text
 * is gone. Whoever has module text on its stack and no reference faults.
 * Kernel: delete_module(2) with O_NONBLOCK, as rmmod calls it.
 * @returns 0; -ENOENT (gone), -EBUSY (coming or going), -EWOULDBLOCK (references)
 */
export function* delete_module(mod: module, exit?: () => Steps<void>): Steps<number> {
  const step = makeStep('delete_module', mod, 'refcnt', 'update', FULL);
  yield step;
  const error = refusal(mod);
  step.value = error;
  if (error !== 0) return error;
  mod.state = 'going';
  if (exit !== undefined) yield* exit();
  yield* free_module(mod);
  return 0;
}

const refusal = (mod: module): number => {
  if (mod.state === 'gone') return -E.ENOENT;
  if (mod.state !== 'live') return -E.EBUSY;
  return mod.refcnt > 0 ? -E.EWOULDBLOCK : 0;
};
