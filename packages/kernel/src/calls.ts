// SPDX-License-Identifier: GPL-2.0-only
import { LmpError } from '@libmultipath/errors';
import { currentMachine } from './current.js';
import { Frame, type Places } from './frame.js';
import { Oops } from './report.js';
import { shown } from './shown.js';
import { Step, UNBEGUN, type Steps } from './step.js';
import type { Task } from './task.js';

/** Told about the calls of kernel functions while it watches: a search that has to know what they leave behind. */
export interface CallWatcher {
  called(task: Task): void;
  /** @param result what its caller gets */
  returned(task: Task, call: Activation<unknown>, result: unknown): void;
  /** It was left by an exception. */
  unwound(task: Task): void;
}

let watcher: CallWatcher | undefined;

/** From now on; undefined: nobody. */
export const watchCalls = (who: CallWatcher | undefined): void => {
  watcher = who;
};

/** Depth at which the kernel's stack would long be full. */
const MAX_DEPTH = 1_000;
/** Calls without a step between them after which a watchdog would speak. */
const MAX_CALLS = 100_000;
const NO_ARGS: readonly unknown[] = [];

/*
 * The `next` that all generators share. Each generator function has a prototype of its own, and looking
 * `next` up through hundreds of them costs more than many a function's body.
 */
// What a generator function's prototype inherits from is declared by no type that a value has.
const { next: resume } = Object.getPrototypeOf(function* () {}.prototype) as {
  readonly next: (this: Steps<unknown>) => IteratorResult<unknown, unknown>;
};

/**
 * A call of a kernel function, and at the same time what `yield*` runs. It does not run the
 * function itself: it hands it up to the loop, which runs the innermost function directly
 * and goes on with the caller when that has returned. A step then costs the same however
 * deep the stack is, where nested generators pass it through every level.
 */
export class Activation<R> extends Frame {
  private phase: 0 | 1 | 2 = 0;
  private result: R | undefined = undefined;
  /** The call below it in the same {@link Calls}. */
  below: Activation<unknown> | undefined = undefined;

  /**
   * @param source the body, or what makes it once the function has its frame
   * @param isGenerator is it a generator, and no other thing that has steps?
   */
  constructor(
    fn: string,
    places: Places,
    private source: Steps<R> | (() => Steps<R>) | undefined,
    private readonly isGenerator: boolean,
    /** What it was called with, until it returns. */
    public args: readonly unknown[],
    /** Its function was made in this run, and may know more than it was called with. */
    readonly isClosure: boolean,
  ) {
    super(fn, undefined, places);
  }

  /** Goes on with the function. */
  resume(): IteratorResult<unknown, unknown> {
    // Until finish(), what isGenerator says is of the source.
    return this.isGenerator ? resume.call(this.source as Steps<R>) : this.body.next();
  }

  /** The function's body. */
  get body(): Steps<R> {
    const { source } = this;
    if (typeof source === 'object') return source;
    if (source === undefined) throw new Error(`${this.fn} has returned`);
    const steps = source();
    if (typeof steps?.next !== 'function') throw new TypeError(`it returned ${shown(steps)}, expected its steps`);
    return (this.source = steps);
  }

  /** The function has returned: what its caller is resumed with. */
  finish(result: R): void {
    this.phase = 2;
    this.result = result;
    // Allocations remember where they were made, and must not keep what was alive there.
    this.source = undefined;
    this.args = NO_ARGS;
  }

  /** Handed up and not begun? False for a call that was yielded without `yield*`. */
  get isCall(): boolean {
    return this.phase === 1;
  }

  next(): IteratorResult<Activation<R>, R> {
    if (this.phase === 0) {
      this.phase = 1;
      return { value: this, done: false };
    }
    if (this.phase === 1) throw new Error(`${this.fn} is a kernel function: only the loop can run it`);
    const { result } = this;
    this.result = undefined;
    // finish() set what the type of the function promises.
    return { value: result as R, done: true };
  }

  return(value: R): IteratorResult<Activation<R>, R> {
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

/** Errors of the project's own, and of a test's assertion, mean the same wherever they are thrown. */
const keepsItsMeaning = (error: unknown): boolean =>
  error instanceof Oops || error instanceof LmpError || (error instanceof Error && error.name === 'AssertionError');

/** Is kernel code running, or the program's own? */
const inKernel = (task: Task): boolean => task.frame !== undefined || task.service;

const functionOf = (task: Task): string => task.frame?.fn ?? task.name;

const textOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : shown(error));

/** Books that driver code broke its contract, and kills the task: an exception to be thrown into it. */
const contract = (task: Task, text: string): Oops =>
  new Oops(currentMachine().report('driver-contract', `${functionOf(task)} ${text}`, undefined));

/**
 * What an exception out of a body becomes: a driver's kills its task, as an oops does. Out
 * of the program's own code, below which there is no kernel function, it stays what it is.
 */
export const judged = (task: Task, error: unknown, where = ''): unknown =>
  keepsItsMeaning(error) || !inKernel(task) ? error : contract(task, `threw ${textOf(error)}${where}`);

/** What is wrong with something yielded that is no step to take. */
const misfit = (task: Task, value: unknown): Oops => {
  if (value instanceof Step) return contract(task, `yielded ${value.op} of ${value.field} without yield*`);
  if (value instanceof Activation) return contract(task, `yielded a call of ${value.fn} without yield*`);
  return contract(task, `yielded ${shown(value)}, expected a step`);
};

/** A body and the kernel functions it is in, innermost last. */
export class Calls {
  private top: Activation<unknown> | undefined = undefined;
  private depth = 0;
  done = false;

  constructor(private readonly root: Steps<unknown>) {}

  /**
   * Runs up to the next step.
   * @returns undefined when the body has returned
   * @throws Oops the task is dead; its stack has been unwound
   */
  advance(task: Task): Step | undefined {
    let thrown = false;
    let error: unknown;
    for (let calls = 0; ;) {
      const { top } = this;
      let next: IteratorResult<unknown, unknown>;
      try {
        if (thrown) next = (top === undefined ? this.root : top.body).throw(error);
        else next = top === undefined ? this.root.next() : top.resume();
      } catch (caught) {
        error = judged(task, caught);
        thrown = true;
        if (top === undefined) throw error;
        watcher?.unwound(task);
        this.pop(task, top);
        continue;
      }
      thrown = false;
      const { value } = next;
      if (next.done === true) {
        if (top === undefined) {
          this.done = true;
          return undefined;
        }
        watcher?.returned(task, top, value);
        top.finish(value);
        this.pop(task, top);
      } else if (value instanceof Step && value.nth !== UNBEGUN) {
        return value;
      } else if (value instanceof Activation && value.isCall) {
        this.push(task, value);
        if (this.depth > MAX_DEPTH || ++calls > MAX_CALLS) {
          error = endless(task, this.depth > MAX_DEPTH);
          thrown = true;
        }
      } else {
        error = misfit(task, value);
        thrown = true;
      }
    }
  }

  private push(task: Task, call: Activation<unknown>): void {
    call.caller = task.frame;
    call.below = this.top;
    this.depth++;
    this.top = call;
    task.frame = call;
    watcher?.called(task);
  }

  private pop(task: Task, call: Activation<unknown>): void {
    this.depth--;
    this.top = call.below;
    task.frame = call.caller;
  }
}

/** The kernel's words for a function that calls for ever, deeper or round and round. */
const endless = (task: Task, deeper: boolean): Oops => {
  const machine = currentMachine();
  const message = deeper
    ? `BUG: stack guard page was hit in ${functionOf(task)}: more than ${String(MAX_DEPTH)} calls deep`
    : `watchdog: BUG: soft lockup - CPU#${String(task.cpu)} stuck: ${functionOf(task)} is called without end`;
  return new Oops(machine.report(deeper ? 'driver-contract' : 'livelock', message, undefined));
};
