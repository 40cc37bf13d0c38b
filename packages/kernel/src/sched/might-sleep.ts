// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import type { KObject } from '../object.js';
import type { Report } from '../report.js';

/** Where each lock now held was taken is not kept; the report names the locks. */
const heldBy = (held: readonly KObject[], where: Report['others'][number]['where']): Report['others'] =>
  held.map((lock) => ({ role: `holds ${lock.label}`, where }));

/**
 * Kernel: might_sleep(): reports a function that may sleep when it is called with a
 * spinlock held or in a timer callback. No access, so no step.
 */
export const might_sleep = (fn: string, object: KObject | undefined): void => {
  const task = current();
  if (task.atomicDepth === 0) return;
  const machine = currentMachine();
  machine.report(
    'sleep-in-atomic',
    `BUG: sleeping function called from invalid context: ${fn}`,
    object,
    heldBy(task.held, machine.here()),
  );
};
