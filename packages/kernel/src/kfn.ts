// SPDX-License-Identifier: GPL-2.0-only
import { current } from './current.js';
import { Step, type Access, type StepOptions, type Steps } from './step.js';
import type { KObject } from './object.js';
import { Frame } from './task.js';

/** A kernel function of the model. */
export type KernelFunction<A extends readonly unknown[], R> = (...args: A) => Steps<R>;

/**
 * Declares a kernel function under its kernel name. Calling it (`yield* f(…)`) pushes a
 * frame, so that sites and stacks name it.
 */
export const kfn = <A extends readonly unknown[], R>(
  name: string,
  body: (...args: A) => Steps<R>,
): KernelFunction<A, R> => {
  const call = function* (...args: A): Steps<R> {
    const { frames } = current();
    frames.push(new Frame(name));
    try {
      return yield* body(...args);
    } finally {
      frames.pop();
    }
  };
  Object.defineProperty(call, 'name', { value: name });
  return call;
};

/**
 * Makes the step of an access, with its site in the running function. For the
 * primitives of this package and for environments that need one of their own:
 *
 * @example
 * function* read_state(ctrl: nvme_ctrl): Steps<number> {
 *   const step = makeStep('read_state', ctrl, 'state', 'read', { ordering: 'once' });
 *   yield step;
 *   return (step.value = ctrl.state);
 * }
 */
export const makeStep = (
  op: string,
  object: KObject,
  field: string,
  access: Access,
  options: StepOptions = {},
): Step => {
  const task = current();
  const frame = task.frame ?? task.root;
  return new Step(op, object, field, access, frame?.fn ?? task.name, frame?.next(op, object, field) ?? 0, options);
};
