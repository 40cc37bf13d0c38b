// SPDX-License-Identifier: GPL-2.0-only
import { withCurrent } from '../current.js';
import { stackOf } from '../frame.js';
import type { Machine } from '../machine.js';
import type { Report } from '../report.js';
import { siteLabel } from '../step.js';
import type { Task } from '../task.js';
import { found } from './found.js';
import { waitsFor } from './waits-for.js';

const isBlocked = (task: Task): boolean => !task.done && task.pending !== undefined && (!task.service || task.busy);

const placeOf = (task: Task): { task: string; stack: readonly string[] } => ({
  task: task.name,
  stack: stackOf(task.frame),
});

/** The tasks from `task` on, each waiting for the next, the last for the first; undefined when they meet no ring. */
const ringFrom = (task: Task, next: (of: Task) => readonly Task[]): Task[] | undefined => {
  const path: Task[] = [];
  const dead = new Set<Task>();
  const walk = (at: Task): boolean => {
    path.push(at);
    for (const other of next(at)) {
      if (other === task) return true;
      if (path.includes(other) || dead.has(other)) continue;
      if (walk(other)) return true;
    }
    path.pop();
    dead.add(at);
    return false;
  };
  return walk(task) ? path : undefined;
};

const holders = (task: Task, waits: readonly Task[]): Report['others'] =>
  waits.map((other) => ({
    role: `${task.pending?.object.label ?? ''} ${other.killed ? 'of the killed task' : 'held or run by'}`,
    where: placeOf(other),
  }));

/**
 * What the kernel's watchdog says of a machine in which nobody can go on: each task that waits for
 * ever, with where it stands and who has what it waits for (class `hang`); tasks that wait for each
 * other in a ring are one report (class `deadlock`). Nothing while something can still run, and
 * nothing of idle workers and timers. In order of task creation.
 */
export const hungTasks = (machine: Machine): Report[] => {
  if (machine.collectEnabled().length > 0) return [];
  return withCurrent(machine, undefined, () => judge(machine, machine.tasks.filter(isBlocked)));
};

const judge = (machine: Machine, blocked: readonly Task[]): Report[] => {
  const waits = new Map(blocked.map((task) => [task, waitsFor(machine, task)]));
  const next = (task: Task): readonly Task[] => waits.get(task) ?? [];
  const reports: Report[] = [];
  const inRing = new Set<Task>();
  for (const task of blocked) {
    if (inRing.has(task)) continue;
    const ring = ringFrom(task, next);
    if (ring === undefined) continue;
    for (const member of ring) inRing.add(member);
    reports.push(deadlock(ring));
  }
  for (const task of blocked) if (!inRing.has(task)) reports.push(hang(task, next(task)));
  return reports;
};

const deadlock = (ring: readonly Task[]): Report => {
  const [first, ...rest] = ring;
  const names = rest.map((task) => task.name).join(', ');
  const others = ring.flatMap((task, i) => holders(task, [ring[i + 1] ?? task]).slice(0, i + 1 < ring.length ? 1 : 0));
  return found(
    'deadlock',
    `INFO: task ${first?.name ?? ''} blocked for more than 120 seconds, in a ring with ${names === '' ? 'itself' : names}.`,
    first?.pending?.object,
    others,
    first,
  );
};

const hang = (task: Task, waited: readonly Task[]): Report =>
  found(
    'hang',
    `INFO: task ${task.name} blocked for more than 120 seconds.`,
    task.pending?.object,
    [
      { role: `waits at ${task.pending === undefined ? '' : siteLabel(task.pending)}`, where: placeOf(task) },
      ...holders(task, waited),
    ],
    task,
  );
