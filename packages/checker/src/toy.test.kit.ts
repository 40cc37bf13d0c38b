// SPDX-License-Identifier: GPL-2.0-only
import {
  conflicts,
  current,
  KObject,
  makeStep,
  type Machine,
  type MachineEvent,
  type Program,
  type Steps,
} from '@libmultipath/kernel';

/** Primitives of the tests' own, so that the search is tested on footprints alone. */
export class cell extends KObject {
  value = 0;
}

export class lock extends KObject {
  owner: string | null = null;
}

/** Many readers or one writer; readers commute. */
export class gate extends KObject {
  readers = 0;
  writer = false;
}

export class alarm extends KObject {
  armed = 0;
}

export function* read(c: cell): Steps<number> {
  yield makeStep('read', c, 'value', 'read');
  return c.value;
}

export function* write(c: cell, value: number): Steps<void> {
  yield makeStep('write', c, 'value', 'write');
  c.value = value;
}

/** An increment that nobody looks at. */
export function* add(c: cell, by: number): Steps<void> {
  yield makeStep('add', c, 'value', 'add');
  c.value += by;
}

export function* increment(c: cell): Steps<number> {
  yield makeStep('increment', c, 'value', 'update');
  return ++c.value;
}

/** Two cells at once. */
export function* copy(from: cell, to: cell): Steps<number> {
  yield makeStep('copy', to, 'value', 'write', { also: [{ object: from, field: 'value', access: 'read' }] });
  to.value = from.value;
  return to.value;
}

export function* wait(c: cell, least: number): Steps<number> {
  yield makeStep('wait', c, 'value', 'read', { enabled: () => c.value >= least });
  return c.value;
}

/** Waits for one of two. */
export function* waitEither(a: cell, b: cell, least: number): Steps<number> {
  yield makeStep('wait_either', a, 'value', 'read', {
    enabled: () => a.value >= least || b.value >= least,
    also: [{ object: b, field: 'value', access: 'read' }],
  });
  return a.value * 10 + b.value;
}

/** Takes one when there is one. */
export function* take(c: cell): Steps<void> {
  yield makeStep('take', c, 'value', 'update', { enabled: () => c.value > 0 });
  c.value--;
}

export function* acquire(l: lock): Steps<void> {
  yield makeStep('acquire', l, 'owner', 'update', { enabled: () => l.owner === null });
  l.owner = current().name;
}

export function* release(l: lock): Steps<void> {
  yield makeStep('release', l, 'owner', 'update');
  if (l.owner === current().name) l.owner = null;
}

export function* enter(g: gate): Steps<void> {
  yield makeStep('enter', g, 'users', 'add', { enabled: () => !g.writer });
  g.readers++;
}

export function* leave(g: gate): Steps<void> {
  yield makeStep('leave', g, 'users', 'add');
  g.readers--;
}

export function* close(g: gate): Steps<void> {
  yield makeStep('close', g, 'users', 'update', { enabled: () => !g.writer && g.readers === 0 });
  g.writer = true;
}

export function* open(g: gate): Steps<void> {
  yield makeStep('open', g, 'users', 'update');
  g.writer = false;
}

/** One of `count` answers of the environment. */
export function* flip(c: cell, count: number): Steps<number> {
  const step = makeStep('flip', c, 'coin', 'read', { branches: count });
  yield step;
  return step.branch;
}

export function* settle(machine: Machine, on: cell): Steps<void> {
  const self = current();
  yield makeStep('settle', on, 'settle', 'read', {
    barrier: true,
    enabled: () =>
      machine.tasks.every(
        (task) => task === self || task.kind === 'timer' || task.pending?.barrier === true || !task.runnable,
      ),
  });
}

/** A settle point that forgot to wait. */
export function* hastySettle(on: cell): Steps<void> {
  yield makeStep('settle', on, 'settle', 'read', { barrier: true });
}

export function* arm(a: alarm): Steps<void> {
  yield makeStep('arm', a, 'armed', 'update');
  a.armed++;
}

/** A timer lane: runs `expired` after each time it was armed. */
export function* timerLane(a: alarm, expired: () => Steps<void>): Steps<void> {
  for (;;) {
    yield makeStep('expire', a, 'armed', 'update', { enabled: () => a.armed > 0, rest: [] });
    a.armed--;
    yield* expired();
  }
}

/** A program out of a function that spawns; `make` gives the outcome. */
export const program = (name: string, make: (machine: Machine) => () => unknown): Program => ({
  name,
  make: (machine) => ({ outcome: make(machine) }),
});

/**
 * The same program with the Mazurkiewicz trace of each run as its outcome: for each task
 * its steps, each with how many steps of each task happen before it. Two schedules have
 * the same one exactly when they differ by swaps of neighbours that do not conflict.
 */
export const tracing = (inner: Program): Program => {
  let events: MachineEvent[] = [];
  return {
    name: `${inner.name}, by trace`,
    options: { ...inner.options, onEvent: (event) => events.push(event) },
    make(machine) {
      events = [];
      const run = inner.make(machine);
      const atStart = new Set(machine.tasks);
      return {
        outcome: () => ({ trace: traceOf(events, machine, atStart), end: run.outcome() }),
      };
    },
  };
};

/** Field of the step that spawns: it names the child. */
export const birthOf = (child: string): string => `birth of ${child}`;

const traceOf = (
  events: readonly MachineEvent[],
  machine: Machine,
  atStart: ReadonlySet<unknown>,
): Record<string, string[]> => {
  const pasts: Set<number>[] = [];
  const lines: Record<string, string[]> = {};
  for (const [index, event] of events.entries()) {
    const past = new Set<number>();
    const born = !atStart.has(event.task) && lines[event.task.name] === undefined;
    for (let j = index - 1; j >= 0; j--) {
      const before = events[j];
      if (before === undefined || past.has(j)) continue;
      if (
        (born && before.step.field === birthOf(event.task.name)) ||
        before.task === event.task ||
        conflicts(before.step, event.step)
      ) {
        past.add(j);
        for (const k of pasts[j] ?? []) past.add(k);
      }
    }
    pasts.push(past);
    const counts = machine.tasks
      .map((task) => [task.name, [...past].filter((j) => events[j]?.task === task).length] as const)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${name}${String(count)}`)
      .sort();
    const branch = event.step.branches > 1 ? `=${String(event.step.branch)}` : '';
    (lines[event.task.name] ??= []).push(`${event.step.op}${branch} after ${counts.join(' ')}`);
  }
  return lines;
};
