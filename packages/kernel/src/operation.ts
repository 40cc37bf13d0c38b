// SPDX-License-Identifier: GPL-2.0-only
import { current } from './current.js';
import { checkPointer } from './memory/check.js';
import { isUninitialised } from './memory/uninitialised.js';
import type { KObject } from './object.js';
import { ONCE, Step, UNBEGUN, type Access, type Comparable, type StepTraits, type Steps } from './step.js';

/** A primitive that is one step: what is the same each time it is used. */
export interface Primitive<T extends KObject, A, R> {
  readonly op: string;
  readonly access: Access;
  readonly traits: StepTraits;
  /** What a fault through NULL calls the field; absent: the field of the access. */
  readonly pointerField?: string;
  /** The caller's private work before the step is yielded. */
  readonly before?: (step: Operation<T, A, R>, object: T) => void;
  /** Of an atomic write: what it leaves in the field, whatever was there. */
  readonly sets?: (argument: A) => Comparable | undefined;
  /** The effect, with the object that `step.object` is. */
  readonly effect: (step: Operation<T, A, R>, object: T) => R;
}

/** `slots` of `slots[3]`. */
const fieldOf = (name: string): string => {
  const bracket = name.indexOf('[');
  return bracket === -1 ? name : name.slice(0, bracket);
};

/**
 * One use of a one-step primitive: the step, and at the same time what `yield*` runs. It
 * does what a generator of one `yield` would do, without one: nothing before the first
 * `next()`, the effect with the second.
 */
export class Operation<T extends KObject, A, R> extends Step {
  private phase: 0 | 1 | 2 = 0;
  /** What the task was given: all that the step told it. */
  result: R | undefined = undefined;

  constructor(
    private readonly primitive: Primitive<T, A, R>,
    private readonly pointer: T | null | undefined,
    field: string,
    readonly argument: A,
  ) {
    // Nobody sees the step before its first next(), which faults when there is no object.
    super(primitive.op, pointer as T, field, primitive.access, '', UNBEGUN, primitive.traits);
  }

  override get sets(): Comparable | undefined {
    return this.primitive.sets?.(this.argument);
  }

  next(): IteratorResult<Step, R> {
    if (this.phase === 0) {
      this.phase = 1;
      this.begin();
      return { value: this, done: false };
    }
    // As a generator that has returned: what is asked of it now is nothing.
    if (this.phase === 2) return { value: undefined as R, done: true };
    this.phase = 2;
    // begin() checked the pointer.
    return { value: (this.result = this.primitive.effect(this, this.pointer as T)), done: true };
  }

  private begin(): void {
    const { primitive, field } = this;
    const object = this.pointer ?? checkPointer<T>(undefined, primitive.pointerField ?? fieldOf(field));
    // What it would ask of the object is garbage: the step waits for nothing, and faults.
    if (isUninitialised(object)) this.traits = ONCE;
    else primitive.before?.(this, object);
    const task = current();
    const frame = task.frame ?? task.root;
    if (frame === undefined) {
      this.fn = task.name;
      this.nth = 0;
    } else {
      this.fn = frame.fn;
      this.nth = frame.count(this.op, object, field);
    }
  }

  return(value: R): IteratorResult<Step, R> {
    this.phase = 2;
    return { value, done: true };
  }

  throw(error: unknown): never {
    this.phase = 2;
    throw error;
  }

  [Symbol.iterator](): this {
    return this;
  }
}

/** Uses the primitive: to be given to `yield*`. */
export const operation = <T extends KObject, A, R>(
  primitive: Primitive<T, A, R>,
  pointer: T | null | undefined,
  field: string,
  argument: A,
): Steps<R> => new Operation(primitive, pointer, field, argument);
