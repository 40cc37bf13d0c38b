// SPDX-License-Identifier: GPL-2.0-only
import { siteLabel, virtualTime, type Chooser, type Program } from '@libmultipath/kernel';
import { ProgramInstance } from '../run-program.js';
import { TraceHash } from './unit-path.js';

/** Steps that are looked at: enough to tell programs apart, few enough for one that does not end. */
const STEPS = 2_000;

/**
 * Tells one program from another, and from itself after an edit, by one run in virtual
 * time: name, tasks, and the label of each step.
 */
export const fingerprintOf = (program: Program): string => {
  const hash = new TraceHash();
  hash.add(program.name);
  const inner = virtualTime();
  let steps = 0;
  const chooser: Chooser = {
    pick: (enabled, machine) => {
      const task = steps++ < STEPS ? inner.pick(enabled, machine) : undefined;
      if (task?.pending !== undefined) hash.add(`${task.name} ${siteLabel(task.pending)}`);
      return task;
    },
  };
  try {
    const instance = new ProgramInstance(program);
    hash.add(instance.go(chooser));
    for (const { name } of instance.machine.tasks) hash.add(name);
  } catch (error) {
    // The search meets it too, and says where.
    hash.add(error instanceof Error ? error.message : String(error));
  }
  return hash.value();
};
