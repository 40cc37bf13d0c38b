// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import type { Steps } from '../step.js';

let asking = false;

/**
 * Waits until no other task can go on (timers excepted), as a program's observation
 * point. Two tasks that settle at the same time do not wait for each other.
 * @param rest private locals that matter after it: makes the wait a rest point
 */
export function* settle(rest?: readonly unknown[]): Steps<void> {
  const machine = currentMachine();
  const task = current();
  const enabled = (): boolean => {
    if (asking) return false;
    asking = true;
    try {
      return machine.settledBut(task);
    } finally {
      asking = false;
    }
  };
  yield makeStep('settle', machine.clock, 'settle', 'read', {
    barrier: true,
    enabled,
    ...(rest === undefined ? {} : { rest }),
  });
}
