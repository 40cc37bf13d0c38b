// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { hold, letGo } from '../locks/held.js';
import { KObject } from '../object.js';
import { might_sleep } from '../sched/might-sleep.js';
import { ACQUIRE, FULL, RELEASE, type Steps } from '../step.js';
import type { Task } from '../task.js';

/** One outermost read section that is running. */
export class RcuSection {
  /** Sections inside each other: only the end of the outermost matters. */
  nesting = 1;
  /** Grace periods that wait for it. */
  awaited = 0;
  constructor(readonly task: Task) {}
}

/** Kernel: struct rcu_state: the readers of the whole machine. */
export class rcu_state extends KObject {
  readonly sections = new Map<Task, RcuSection>();

  /** Who is inside now: what a grace period that begins now waits for. */
  get running(): RcuSection[] {
    return [...this.sections.values()];
  }

  /** Has the reader not left yet? */
  isRunning(section: RcuSection): boolean {
    return this.sections.get(section.task) === section;
  }
}

/** The machine's RCU, a global of it. */
export const rcu = (): rcu_state => {
  const { globals } = currentMachine();
  const known = globals.get('rcu_state');
  if (known instanceof rcu_state) return known;
  const state = new rcu_state();
  globals.set('rcu_state', state);
  return state;
};

/** Names of the tasks that are inside a read section, sorted. For reports and observers; no step. */
export const rcu_readers = (): string[] =>
  rcu()
    .running.map(({ task }) => task.name)
    .sort();

/*
 * Readers change who is inside, each for itself: `add`. Grace periods look at that: `read`. So readers commute with
 * readers and grace periods with grace periods.
 */

/** Kernel: rcu_read_lock(). Never waits; sections nest; the task must not sleep inside. */
export function* rcu_read_lock(): Steps<void> {
  const state = rcu();
  yield makeStep('rcu_read_lock', state, 'gp', 'add', ACQUIRE);
  const task = current();
  const section = state.sections.get(task);
  if (section === undefined) state.sections.set(task, new RcuSection(task));
  else section.nesting++;
  task.atomicDepth++;
  hold(task, state);
}

/** Kernel: rcu_read_unlock(). Outside of a section it is reported. */
export function* rcu_read_unlock(): Steps<void> {
  const state = rcu();
  yield makeStep('rcu_read_unlock', state, 'gp', 'add', RELEASE);
  const task = current();
  if (!letGo(task, state)) return;
  task.atomicDepth--;
  const section = state.sections.get(task);
  if (section !== undefined && --section.nesting === 0) state.sections.delete(task);
}

/**
 * Waits for every read section that began before it, and for none that began later.
 * Kernel: synchronize_rcu(). Context: may sleep; not inside a section.
 */
export function* synchronize_rcu(): Steps<void> {
  const state = rcu();
  might_sleep('synchronize_rcu', state);
  yield makeStep('synchronize_rcu', state, 'gp', 'read', FULL);
  if (state.sections.has(current())) {
    currentMachine().report('deadlock', 'Illegal synchronize_rcu() in RCU read-side critical section', state);
  }
  const waited = state.running;
  if (waited.length === 0) return;
  for (const section of waited) section.awaited++;
  const step = makeStep('synchronize_rcu_end', state, 'gp', 'read', {
    ordering: 'full',
    enabled: () => !waited.some((section) => state.isRunning(section)),
  });
  step.value = waited.map((section) => section.task.name).sort();
  yield step;
}
