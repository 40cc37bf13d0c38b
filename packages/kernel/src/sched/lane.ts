// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import type { KObject } from '../object.js';
import type { Steps } from '../step.js';
import type { TaskKind } from '../task.js';

/** Objects that have their lane. Whether one was started already is no state of the kernel. */
const started = new WeakSet<KObject>();

/**
 * Starts the service task that runs a work's or timer's function, unless it has one:
 * under the first name that is free (the n-th object of a name gets a number).
 */
export const ensureLane = (kind: TaskKind, subject: KObject, name: string, body: () => Steps<void>): void => {
  if (started.has(subject)) return;
  started.add(subject);
  const machine = currentMachine();
  const owner = subject.container;
  const base = `${kind}/${owner === undefined ? '' : `${owner.label}.`}${name}`;
  let unique = base;
  for (let nth = 2; machine.task(unique) !== undefined; nth++) unique = `${base}@${String(nth)}`;
  machine.spawn(unique, body, { kind, cpu: current().cpu, service: true, subject });
};
