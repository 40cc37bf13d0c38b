// SPDX-License-Identifier: GPL-2.0-only
import { Calls } from '../calls.js';
import { current, currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { nothing, type Steps, StepTraits, type Touch } from '../step.js';
import type { module } from './module.js';

/** Oops when the function's text is gone. Call it where code of the module is entered. */
export const checkText = (mod: module, fn: string): void => {
  if (mod.state !== 'gone') return;
  const message = `BUG: unable to handle page fault for address: ${fn} [${mod.name}] (unloaded)`;
  // Wherever in the function, or below it, the task goes on: it is the function's text that is not there.
  currentMachine().oops('module', message, mod, [], { site: undefined, stack: [fn] });
};

/** What a step in the text of a module touches beside: the unload takes the text away. */
const inText = (traits: StepTraits, mod: module): StepTraits => {
  const { also, ordering, enabled, branches, rest } = traits;
  const text: Touch = { object: mod, field: 'text', access: 'read' };
  return new StepTraits({
    ordering,
    branches,
    ...(enabled === undefined ? {} : { enabled }),
    ...(rest === undefined ? {} : { rest }),
    also: typeof also === 'function' ? () => [...also(), text] : [...(also ?? []), text],
  });
};

/** Whose text is running between two yields. */
let running: module | null = null;

/** Kernel: THIS_MODULE of the code that runs: innermost {@link in_module}, or NULL, which is built-in code. Pure. */
export const this_module = (): module | null => running;

/** Runs a function of the module: going on in it after the unload is a page fault. */
export function* in_module<T>(mod: module, fn: string, body: Steps<T>): Steps<T> {
  const task = current();
  // The jump into it: whether the text is there is read in a step of its own.
  yield makeStep('enter', mod, 'text', 'read', { ordering: 'once', tells: nothing });
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
    if (!step.barrier) step.traits = inText(step.traits, mod);
    yield step;
  }
}
