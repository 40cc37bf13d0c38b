// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Chooser } from './chooser.js';
import type { Machine } from './machine.js';
import { conflicts, holdsBack, type Step } from './step.js';
import type { Task } from './task.js';
import { stateDigest } from './digest.js';
import { withCurrent } from './current.js';
import { bodies, mixed, themes } from './testing/mixed-program.js';
import { run, seeded, type Ran } from './testing/run.js';

/*
 * What every reduction relies on: a step that does not conflict with another neither
 * enables nor disables it, and the two give the same state in either order.
 */
const parts = fc.constantFrom(...themes, Object.keys(bodies)).chain((theme) => {
  const part = fc.tuple(fc.constantFrom(...theme), fc.nat({ max: 5 }));
  return fc.array(part, { minLength: 2, maxLength: 4 });
});

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

interface Waiting {
  readonly task: Task;
  readonly step: Step;
  readonly enabled: boolean;
}

const waitingIn = (machine: Machine): Waiting[] =>
  withCurrent(machine, undefined, () =>
    machine.tasks.flatMap((task) => {
      const step = task.pending;
      return step === undefined ? [] : [{ task, step, enabled: task.runnable }];
    }),
  );

it('changes what can run only by steps that conflict with it', () => {
  fc.assert(
    fc.property(fc.integer(), parts, (seed, program) => {
      let before: Waiting[] = [];
      const base = seeded(seed);
      run(
        mixed(program),
        {
          ...base,
          pick: (enabled, machine) => {
            before = waitingIn(machine);
            return base.pick(enabled, machine);
          },
        },
        {
          onEvent: ({ task, step }) => {
            for (const waiting of before) {
              if (waiting.task === task || conflicts(waiting.step, step)) continue;
              expect([task.name, step.target, waiting.task.name, waiting.step.target, waiting.task.runnable]).toEqual([
                task.name,
                step.target,
                waiting.task.name,
                waiting.step.target,
                waiting.enabled,
              ]);
            }
          },
        },
      );
    }),
    { numRuns: 2000 },
  );
});

it('lets nobody go on whom a step holds back that is still to come', () => {
  let held = 0;
  fc.assert(
    fc.property(fc.integer(), parts, (seed, program) => {
      const base = seeded(seed);
      run(mixed(program), {
        ...base,
        pick: (enabled, machine) => {
          const waiting = waitingIn(machine);
          for (const leaving of waiting) {
            for (const other of waiting) {
              if (other.task === leaving.task || !holdsBack(leaving.step, other.step)) continue;
              if (other.step.object.alloc.freed) continue;
              expect([leaving.step.op, other.step.op, other.enabled]).toEqual([leaving.step.op, other.step.op, false]);
              held++;
            }
          }
          return base.pick(enabled, machine);
        },
      });
    }),
    { numRuns: 2000 },
  );
  expect(held).toBeGreaterThan(100);
});

/** Replays a list of task names, then goes on as the first that can. */
const follow = (names: readonly string[]): Chooser => {
  let at = 0;
  return {
    pick: (enabled) => {
      const name = names[at++];
      return name === undefined ? enabled[0] : enabled.find((task) => task.name === name);
    },
  };
};

/** What each task did and saw, in its order. */
const byTask = (events: readonly string[]): ReadonlyMap<string, readonly string[]> => {
  const byName = new Map<string, string[]>();
  for (const event of events) {
    const name = event.slice(0, event.indexOf(' '));
    byName.set(name, [...(byName.get(name) ?? []), event]);
  }
  return byName;
};

const finalState = ({ machine, events }: Ran): unknown => [
  byTask(events),
  machine.tasks.map((task) => [task.name, task.done, task.killed, task.pending?.op]).sort(byText),
  machine.reports.map((report) => [report.class, report.message, report.task]).sort(byText),
  digestOf(machine),
];

/** Digest of the globals, also where tasks wait outside a rest point. */
const digestOf = (machine: Machine): string | undefined => {
  for (const task of machine.tasks) task.done = true;
  return stateDigest(machine);
};

it('gives the same state when two neighbours that do not conflict change places', () => {
  fc.assert(
    fc.property(fc.integer(), parts, fc.nat(), (seed, program, where) => {
      const taken: { name: string; step: Step }[] = [];
      run(mixed(program), seeded(seed), { onEvent: ({ task, step }) => taken.push({ name: task.name, step }) });
      const swappable = taken.flatMap((event, i) => {
        const next = taken[i + 1];
        return next !== undefined && next.name !== event.name && !conflicts(event.step, next.step) ? [i] : [];
      });
      const at = swappable[where % Math.max(1, swappable.length)];
      if (at === undefined) return;
      const names = taken.map(({ name }) => name);
      const [first, second] = [names[at], names[at + 1]];
      if (first === undefined || second === undefined) return;
      const swapped = [...names.slice(0, at), second, first, ...names.slice(at + 2)];
      // A lane that the first of the two starts cannot run before it: that pair does depend.
      const one = run(mixed(program), follow(names));
      const other = run(mixed(program), follow(swapped));
      if (other.end === 'stopped' && second.includes('/')) return;
      expect([other.end, finalState(other)]).toEqual([one.end, finalState(one)]);
    }),
    { numRuns: 2000 },
  );
});

it('gives the same events for the same choices', () => {
  fc.assert(
    fc.property(fc.integer(), parts, (seed, program) => {
      expect(run(mixed(program), seeded(seed)).events).toEqual(run(mixed(program), seeded(seed)).events);
    }),
    { numRuns: 300 },
  );
});
