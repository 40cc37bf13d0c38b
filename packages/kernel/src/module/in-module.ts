// SPDX-License-Identifier: GPL-2.0-only
import { Calls } from '../calls.js';
import { current, currentMachine } from '../current.js';
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
  const task = current();
  let result: T | undefined;
  const calls = new Calls(
    (function* (): Steps<void> {
      result = yield* body;
    })(),
  );
  for (;;) {
    checkText(mod, fn);
    const caller = running;
    running = mod;
    let step: ReturnType<typeof calls.advance>;
    try {
      step = calls.advance(task);
    } finally {
      running = caller;
    }
    // A body that returned has set it.
    if (step === undefined) return result as T;
    yield step;
  }
}
