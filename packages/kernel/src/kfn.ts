// SPDX-License-Identifier: GPL-2.0-only
import { Activation } from './calls.js';
import { current, currentMachineOrNone } from './current.js';
import { Places } from './frame.js';
import type { KObject } from './object.js';
import { isUninitialised } from './memory/uninitialised.js';
import { ONCE, Step, traitsOf, type Access, type StepOptions, type Steps, type StepTraits } from './step.js';

/** A kernel function of the model. */
export type KernelFunction<A extends readonly unknown[], R> = (...args: A) => Steps<R>;

const GeneratorFunction: unknown = function* () {}.constructor;

// Both classes have all of a generator's protocol; what else the type names belongs to the built-in class.
const asSteps = <R>(call: Activation<R>): Steps<R> => call as unknown as Steps<R>;

/**
 * Declares a kernel function under its kernel name. Calling it (`yield* f(…)`) pushes a
 * frame, so that sites and stacks name it.
 */
export const kfn = <A extends readonly unknown[], R>(
  name: string,
  body: (...args: A) => Steps<R>,
): KernelFunction<A, R> => {
  const places = new Places();
  const isClosure = currentMachineOrNone() !== undefined;
  // A generator function does nothing yet when it is called; any other must wait for its frame.
  const call =
    body.constructor === GeneratorFunction
      ? (...args: A): Steps<R> => asSteps(new Activation(name, places, body(...args), true, args, isClosure))
      : (...args: A): Steps<R> => asSteps(new Activation(name, places, () => body(...args), false, args, isClosure));
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
  options: StepOptions | StepTraits = {},
): Step => {
  const task = current();
  const frame = task.frame ?? task.root;
  const nth = frame?.count(op, object, field) ?? 0;
  // Of a pointer that was never set they are garbage: the step waits for nothing, and faults.
  const traits = isUninitialised(object) ? ONCE : traitsOf(options);
  return new Step(op, object, field, access, frame?.fn ?? task.name, nth, traits);
};
