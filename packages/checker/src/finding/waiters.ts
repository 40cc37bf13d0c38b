// SPDX-License-Identifier: GPL-2.0-only
import { siteLabel, siteOf, srcu_struct, work_struct, type Machine, type Task } from '@libmultipath/kernel';
import { kindOf, stableSite, unnumberedTask, type FindingIdentity } from './identity.js';

/** A task that cannot go on, as `INFO: task … blocked` shows it. */
export interface BlockedTask {
  readonly task: string;
  /** `fn: op kind.field` of the step it stands before; the round of a wait loop is not told. */
  readonly site: string;
  /** Label of the object it waits on. */
  readonly object: string;
  readonly stack: readonly string[];
  /** Tasks that would have to go on first; empty when it waits for an event that nobody in sight owes it. */
  readonly waitsFor: readonly string[];
  /** Labels of the locks it holds. */
  readonly holds: readonly string[];
}

const isOver = (task: Task): boolean => task.done || (task.service && !task.busy);

/** Tasks that cannot go on now; idle services are none. */
const blockedNow = (machine: Machine): Task[] => machine.tasks.filter((task) => !isOver(task) && !task.runnable);

/** Who must go on before `task` can: the holders of its lock, the readers it waits for, the work it flushes. */
const awaited = (task: Task, machine: Machine): Task[] => {
  const { pending } = task;
  if (pending === undefined) return [];
  const { object } = pending;
  if (object instanceof srcu_struct) {
    // synchronize_srcu() notes the readers it found inside; later ones are not waited for.
    const names: unknown = pending.value;
    return Array.isArray(names) ? machine.tasks.filter(({ name }) => names.includes(name)) : [];
  }
  if (object instanceof work_struct) return machine.tasks.filter(({ subject, busy }) => subject === object && busy);
  return machine.tasks.filter(({ held }) => held.includes(object));
};

/** Everybody who cannot go on, with whom each waits for. Oldest task first. */
export const blockedTasksOf = (machine: Machine): BlockedTask[] =>
  blockedNow(machine).map((task) => ({
    task: task.name,
    site: task.pending === undefined ? '' : siteLabel({ ...siteOf(task.pending), nth: 0 }),
    object: task.pending?.object.label ?? '',
    stack: task.stack(),
    waitsFor: awaited(task, machine).map(({ name }) => name),
    holds: task.held.map(({ label }) => label),
  }));

/** Tasks on a way from `start` back to itself, in order; undefined when there is none. */
const cycleFrom = (start: BlockedTask, byName: ReadonlyMap<string, BlockedTask>): BlockedTask[] | undefined => {
  const seen = new Set<string>();
  const walk = (at: BlockedTask, way: readonly BlockedTask[]): BlockedTask[] | undefined => {
    for (const name of at.waitsFor) {
      if (name === start.task) return [...way, at];
      const next = byName.get(name);
      if (next === undefined || seen.has(name)) continue;
      seen.add(name);
      const found = walk(next, [...way, at]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(start, []);
};

/** A set of tasks each of which waits for the next: they never go on, whatever the others do. */
export type Cycle = readonly BlockedTask[];

/** Every cycle of waiters, each once, beginning at the site that sorts first. */
export const cyclesOf = (blocked: readonly BlockedTask[]): Cycle[] => {
  const byName = new Map(blocked.map((one) => [one.task, one]));
  const cycles = new Map<string, Cycle>();
  for (const start of blocked) {
    const cycle = cycleFrom(start, byName);
    if (cycle === undefined) continue;
    const first = cycle.reduce((least, one, at) => (one.site < (cycle[least]?.site ?? '') ? at : least), 0);
    const turned = [...cycle.slice(first), ...cycle.slice(0, first)];
    cycles.set(turned.map(({ task }) => task).join('\n'), turned);
  }
  return [...cycles.values()];
};

/** Those who wait for nobody in sight: the others are stuck because of them, or in a cycle. */
export const rootsOf = (blocked: readonly BlockedTask[]): BlockedTask[] =>
  blocked.filter(({ waitsFor }) => waitsFor.length === 0);

const functionOf = ({ stack, task }: BlockedTask): string => stack[0] ?? unnumberedTask(task);

/** One task that waits for ever is one finding, however many wait behind it. */
export const hangIdentity = (root: BlockedTask): FindingIdentity => ({
  class: 'hang',
  object: kindOf(root.object),
  functions: [functionOf(root)],
  sites: [stableSite(root.site, root.task)],
  head: '',
});

export const deadlockIdentity = (cycle: Cycle): FindingIdentity => ({
  class: 'deadlock',
  object: kindOf(cycle[0]?.object ?? ''),
  functions: cycle.map(functionOf),
  sites: cycle.map(({ site, task }) => stableSite(site, task)),
  head: '',
});
