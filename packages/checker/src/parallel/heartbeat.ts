// SPDX-License-Identifier: GPL-2.0-only
import { current, type Chooser } from '@libmultipath/kernel';

/** Where kernel code stands: said by a thread that does not come back. */
export interface Place {
  /** Absent before the first step. */
  readonly task?: string;
  /** Kernel functions, innermost first. */
  readonly functions: readonly string[];
}

/** Name of a function on the thread's global object that gives its place as JSON, for whoever has halted it. */
export const PLACE = Symbol.for('@libmultipath/checker place');

let beat: (() => void) | undefined;

/** From now on each step that a run of this thread takes is told. */
export const beatBy = (tell: () => void): void => {
  beat = tell;
  Reflect.set(globalThis, PLACE, () => JSON.stringify(placeNow()));
};

const placeNow = (): Place => {
  try {
    const task = current();
    return { task: task.name, functions: task.stack() };
  } catch {
    return { functions: [] };
  }
};

/** The chooser, with a beat before each step; itself where nobody listens. */
export const beating = (chooser: Chooser): Chooser => {
  const tell = beat;
  if (tell === undefined) return chooser;
  return {
    forced: (machine) => {
      tell();
      return chooser.forced?.(machine);
    },
    pick: (enabled, machine) => {
      tell();
      return chooser.pick(enabled, machine);
    },
    branch: (task, step) => chooser.branch?.(task, step) ?? 0,
  };
};
