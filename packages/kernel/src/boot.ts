// SPDX-License-Identifier: GPL-2.0-only
import { Calls } from './calls.js';
import { withCurrent } from './current.js';
import { errors } from './errors.js';
import type { Machine } from './machine.js';
import { siteLabel, type Steps } from './step.js';
import { Task } from './task.js';

/**
 * Runs kernel code to its end before the machine does, as the task `boot`: the initial
 * state of a program, of which no schedule is explored. Works that it queues run later.
 * @throws LMP-004 a step would have to wait, and there is nobody yet to wait for
 */
export const boot = <T>(machine: Machine, body: () => Steps<T>, cpu = 0): T => {
  const idle = (function* (): Steps<void> {})();
  const task = new Task(-1, 'boot', idle, { cpu });
  return withCurrent(machine, task, () => {
    let result: T | undefined;
    const calls = new Calls(
      (function* (): Steps<void> {
        result = yield* body();
      })(),
    );
    for (;;) {
      const step = calls.advance(task);
      // A body that returned has set it.
      if (step === undefined) return result as T;
      task.pending = step;
      if (!step.isEnabled()) {
        throw errors.fail('LMP-004', {
          message: 'the initial state of a program waits for something that cannot happen yet',
          where: siteLabel(step),
          todo: 'move this part into a task of the program',
        });
      }
    }
  });
};
