// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import type { Steps } from '../step.js';
import type { module } from './module.js';

/** Oops when the function's text is gone. Call it where code of the module is entered. */
export const checkText = (mod: module, fn: string): void => {
  if (mod.state !== 'gone') return;
  currentMachine().oops('module', `BUG: unable to handle page fault for address: ${fn} [${mod.name}] (unloaded)`, mod);
};

/** Whose text is running between two yields. */
let running: module | null = null;

/** Kernel: THIS_MODULE of the code that runs: innermost {@link in_module}, or NULL, which is built-in code. Pure. */
export const this_module = (): module | null => running;

/** Runs a function of the module: going on in it after the unload is a page fault. */
export function* in_module<T>(mod: module, fn: string, body: Steps<T>): Steps<T> {
  for (;;) {
    checkText(mod, fn);
    const caller = running;
    running = mod;
    let next: ReturnType<typeof body.next>;
    try {
      next = body.next();
    } finally {
      running = caller;
    }
    if (next.done === true) return next.value;
    yield next.value;
  }
}
