// SPDX-License-Identifier: GPL-2.0-only
import { Oops, Task, withCurrent, type Machine, type Steps } from '@libmultipath/kernel';

/** Steps after which a callback is not one that looks at a few fields. */
const MOST_STEPS = 200;

/** What the callback gave; undefined: it did not get to its end by reading alone. */
export type Peeked<R> = { readonly value: R } | undefined;

/**
 * What a callback that only reads would give now. Looks at a machine between two steps and takes
 * none: a callback that writes, locks or waits is left alone at that point.
 */
export const peek = <R>(machine: Machine, callback: () => Steps<R>): Peeked<R> => {
  let given: { readonly value: R } | undefined;
  function* body(): Steps<void> {
    given = { value: yield* callback() };
  }
  const task = new Task(-1, 'observer', body(), {});
  const reports = machine.reports.length;
  try {
    withCurrent(machine, task, () => {
      task.advance();
      for (let steps = 0; !task.done && steps < MOST_STEPS; steps++) {
        const { pending } = task;
        if (pending === undefined || pending.access !== 'read' || pending.op.includes('lock') || !pending.isEnabled())
          return;
        task.advance();
      }
    });
  } catch (error) {
    if (!(error instanceof Oops)) throw error;
  }
  // What it did wrong is reported when it is called in earnest.
  machine.reports.splice(reports);
  return given;
};
