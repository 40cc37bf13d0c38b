// SPDX-License-Identifier: GPL-2.0-only
import { kfn, kfree, load, mutex_lock, mutex_unlock, type Program, type Steps } from '@libmultipath/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explore } from '../explore.js';
import { Follower } from '../follower.js';
import * as toy from '../toy.test.kit.js';
import { findingsOf } from './collect.js';
import { abba, lostWakeup, pingPong, putAgainstWaiter, readAgainstFree, thing } from './defects.test.kit.js';
import type { Finding } from './finding.js';
import { traceRun } from './run-trace.js';

const search = (program: Program): Finding[] => findingsOf(program, explore(program, { memo: false }));

/** Ids that show in a search bounded by preemptions. */
const idsWithin = (program: Program, maxPreemptions: number): Set<string> => {
  const found = explore(program, { memo: false, maxPreemptions });
  expect(found.complete).toBe(true);
  const schedules = [...found.reports, ...found.ends.stuckAt].map(({ schedule }) => schedule);
  return new Set(
    schedules.flatMap((schedule) => traceRun(program, new Follower(schedule)).occurrences.map(({ id }) => id)),
  );
};

/** The bound at which a finding shows first: the truth that shrinking is held to. */
const fewest = (program: Program, id: string, most: number): number => {
  for (let bound = 0; bound < most; bound++) if (idsWithin(program, bound).has(id)) return bound;
  return most;
};

const shown = ({ schedule }: Finding): string[] => schedule.map(({ task, site }) => `${task} | ${site}`);

describe('a shrunk schedule', () => {
  it.each([
    ['read against free', readAgainstFree(2, 2)],
    ['put against waiter', putAgainstWaiter()],
    ['abba', abba(2)],
    ['lost wakeup', lostWakeup()],
    ['ping pong 3', pingPong(3)],
    ['ping pong 4', pingPong(4)],
  ])('has as few preemptions as the bounded search needs: %s', (_name, program) => {
    const findings = search(program);
    expect(findings.length).toBeGreaterThan(0);
    for (const finding of findings) {
      expect(finding.smallest).toBe(true);
      expect([finding.id, finding.preemptions]).toEqual([finding.id, fewest(program, finding.id, finding.preemptions)]);
    }
  });

  it('keeps nothing but what happens before the two sites', () => {
    const findings = search(readAgainstFree(2, 2));
    const free = 'thing_release: kfree thing.*';
    const freed = ['remover | thing_release: store thing.ready', `remover | ${free}`];
    const [early, late] = ['thing_read: load thing.value', 'thing_read: load thing.other'];
    expect(findings.map(({ sites }) => sites)).toEqual([
      [early, free],
      [late, free],
    ]);
    expect(findings.map(shown)).toEqual([
      [...freed, expect.stringMatching(/^reader [01] \| thing_read: load thing.value$/)],
      [`reader 0 | ${early}`, ...freed, `reader 0 | ${late}`],
    ]);
  });

  it('stops a deadlock where its cycle is closed', () => {
    const [finding, ...others] = search(abba(2)).filter((one) => one.class === 'deadlock');
    expect(others).toEqual([]);
    if (finding === undefined) throw new Error('no deadlock');
    expect(finding).toMatchObject({ functions: ['lock_backward', 'lock_forward'], switches: 1, events: 2 });
    expect(shown(finding)).toEqual([
      'forward | lock_forward: mutex_lock mutex.owner',
      'backward | lock_backward: mutex_lock mutex.owner',
    ]);
  });
});

/** A random program: what each task does to two things and a cell, one of the things freed by somebody. */
const use = kfn('use', function* (o: thing): Steps<void> {
  yield* load(o, 'value');
});
const drop = kfn('drop', (o: thing) => kfree(o));
const locked = kfn('locked', function* (o: thing, other: thing): Steps<void> {
  yield* mutex_lock(o.first);
  yield* mutex_lock(other.first);
  yield* mutex_unlock(other.first);
  yield* mutex_unlock(o.first);
});
const anyTask = fc.array(fc.constantFrom('use0', 'use1', 'drop0', 'add', 'lock01', 'lock10'), {
  minLength: 1,
  maxLength: 3,
});
const anyProgram = fc.array(anyTask, { minLength: 2, maxLength: 3 }).map((tasks): Program =>
  toy.program(JSON.stringify(tasks), (machine) => {
    const [a, b, cell] = [new thing(), new thing(), new toy.cell()];
    for (const [nth, ops] of tasks.entries()) {
      machine.spawn(`task ${String(nth)}`, function* () {
        for (const op of ops) {
          if (op === 'use0') yield* use(a);
          else if (op === 'use1') yield* use(b);
          else if (op === 'drop0') yield* drop(a);
          else if (op === 'lock01') yield* locked(a, b);
          else if (op === 'lock10') yield* locked(b, a);
          else yield* toy.increment(cell);
        }
      });
    }
    return () => null;
  }),
);

describe('on random programs', () => {
  it('a finding is minimal in preemptions, its schedule replays to it, and all is the same twice', () => {
    let judged = 0;
    fc.assert(
      fc.property(anyProgram, (program) => {
        const found = explore(program, { memo: false, maxExecutions: 400 });
        const findings = findingsOf(program, found);
        expect(findingsOf(program, found)).toEqual(findings);
        for (const finding of findings.slice(0, 3)) {
          judged++;
          const trace = traceRun(program, new Follower(finding.schedule));
          expect(trace.occurrences.map(({ id }) => id)).toContain(finding.id);
          expect([finding.id, finding.preemptions]).toEqual([
            finding.id,
            fewest(program, finding.id, finding.preemptions),
          ]);
        }
      }),
      { numRuns: 60, seed: 11 },
    );
    expect(judged).toBeGreaterThan(60);
  });
});
