// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { explore } from '../explore.js';
import { nobodyStuck } from '../properties/kernel-properties.js';
import { findingsOf } from './collect.js';
import { abba, lostWakeup, putAgainstWaiter, readAgainstFree, thing } from './defects.test.kit.js';
import { findingId, identityOf } from './identity.js';
import { traceRun } from './run-trace.js';
import * as toy from '../toy.test.kit.js';

const search = (program: Program) => findingsOf(program, explore(program, { memo: false }));

/** Ids over every single schedule, how many there are, and how many show something. */
const overAll = (program: Program): { ids: string[]; runs: number; failing: number } => {
  const ids = new Set<string>();
  let [runs, failing] = [0, 0];
  const path: { taken: number; readonly of: number }[] = [];
  for (; runs < 20_000;) {
    let at = 0;
    const choose = (of: number): number => {
      const known = path[at++];
      if (known === undefined) path.push({ taken: 0, of });
      return known?.taken ?? 0;
    };
    const { occurrences } = traceRun(program, {
      pick: (enabled) => enabled[enabled.length === 1 ? 0 : choose(enabled.length)],
    });
    runs++;
    if (occurrences.length > 0) failing++;
    for (const { id } of occurrences) ids.add(id);
    while (path.length > 0 && path.at(-1)?.taken === (path.at(-1)?.of ?? 0) - 1) path.pop();
    const last = path.at(-1);
    if (last === undefined) break;
    last.taken++;
  }
  return { ids: [...ids].sort(), runs, failing };
};

describe('an id', () => {
  it('is one over thousands of schedules of one defect', () => {
    const { ids, failing } = overAll(putAgainstWaiter());
    expect(ids).toHaveLength(1);
    expect(failing).toBeGreaterThan(0);
    const crowd = overAll(abba(3));
    expect(crowd.failing).toBeGreaterThan(300);
    expect(crowd.ids.filter((id) => id.startsWith('DEAD-'))).toHaveLength(1);
  });

  it('keeps two races in one pair of functions apart, and does not count tasks that do the same', () => {
    const one = search(readAgainstFree(0, 1)).map(({ id, functions }) => [id, functions]);
    expect(one).toHaveLength(2);
    expect(one.map(([, functions]) => functions)).toEqual([
      ['thing_read', 'thing_release'],
      ['thing_read', 'thing_release'],
    ]);
    expect(search(readAgainstFree(1, 2)).map(({ id, functions }) => [id, functions])).toEqual(one);
  });

  it('is readable, and differs by class, object, function and site', () => {
    const base = {
      class: 'use-after-free',
      message: 'KASAN: slab-use-after-free in f',
      object: 'thing#1.lock',
      task: 't',
      site: { fn: 'f', op: 'load', target: 'thing.a', nth: 0 },
      stack: ['f'],
      others: [
        {
          role: 'freed by',
          where: { task: 'u', stack: ['g'], site: { fn: 'g', op: 'kfree', target: 'thing.*', nth: 0 } },
        },
      ],
    } as const;
    const id = (change: object): string => findingId(identityOf({ ...base, ...change }));
    expect(id({})).toMatch(/^UAF-[0-9a-f]{6}$/);
    expect(id({ object: 'thing#7.lock', task: 'other' })).toBe(id({}));
    const different = [
      id({}),
      id({ class: 'warning' }),
      id({ object: 'stuff#1' }),
      id({ stack: ['h'] }),
      id({ site: { ...base.site, nth: 1 } }),
      id({ site: { ...base.site, target: 'thing.b' } }),
      id({ others: [] }),
      id({ message: 'ODEBUG: free active (active state 0)' }),
    ];
    expect(new Set(different).size).toBe(different.length);
  });
});

describe('findings of an exploration', () => {
  it('name a cycle of waiters a deadlock', () => {
    const order = 'WARNING: possible circular locking dependency detected: thing#1.mutex before thing#1.mutex';
    const cycle = 'backward waits for thing#1.mutex of forward; forward waits for thing#1.mutex of backward';
    expect(search(abba()).map(({ class: what, message, tasks }) => [what, message, tasks])).toEqual([
      ['deadlock', cycle, ['forward', 'backward']],
      // Each of the two may be the one that asks in the wrong order.
      ['lock-order', order, ['backward', 'forward']],
      ['lock-order', order, ['forward', 'backward']],
    ]);
  });

  it('name the one who waits for an event a hang, and not those behind it', () => {
    const findings = search(lostWakeup());
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      class: 'hang',
      functions: ['wait_ready'],
      sites: ['wait_ready: schedule wait_queue_head.head'],
      message: 'INFO: task waiter blocked for more than 120 seconds.',
    });
  });

  it('do not call it a hang when the one who is waited for was killed by an oops', () => {
    const program = toy.program('killed', (machine) => {
      const o = new thing();
      const cell = new toy.cell();
      machine.spawn('a', function* () {
        machine.oops('null-dereference', 'BUG: kernel NULL pointer dereference', o);
        yield* toy.write(cell, 1);
      });
      machine.spawn('b', function* () {
        yield* toy.wait(cell, 1);
      });
      return () => null;
    });
    expect(search(program).map(({ class: what }) => what)).toEqual(['null-dereference']);
  });

  it('say after which other finding they show, when never without it', () => {
    const program = toy.program('two in a row', (machine) => {
      const cell = new toy.cell();
      machine.spawn('a', function* () {
        yield* toy.write(cell, 1);
        machine.report('warning', 'WARNING: first', cell);
        yield* toy.read(cell);
        machine.report('refcount', 'refcount_t: second', cell);
      });
      return () => null;
    });
    const [refcount, warning] = search(program);
    expect(refcount?.after).toEqual([warning?.id]);
    expect(warning?.after).toEqual([]);
  });

  it('are also what the properties of a program say, at rest, after a step and at the end', () => {
    const judged = (when: 'end' | 'settled' | 'step'): Program => ({
      ...toy.program(`judged ${when}`, (machine) => {
        const cell = new toy.cell();
        machine.globals.set('cell', cell);
        machine.spawn('a', function* () {
          yield* toy.write(cell, 1);
          if (when !== 'step') return;
          yield* toy.write(cell, 0);
        });
        machine.spawn('b', function* () {
          yield* toy.settle(machine, cell);
        });
        return () => null;
      }),
      properties: [
        {
          name: 'the cell stays 0',
          class: 'stale-state',
          when,
          check: (machine) => {
            const cell = machine.globals.get('cell');
            return cell instanceof toy.cell && cell.value !== 0 ? 'the cell is not 0' : undefined;
          },
        },
      ],
    });
    const kinds = (['end', 'settled', 'step'] as const).map((when) =>
      search(judged(when)).map(({ class: what, message, events }) => [what, message, events]),
    );
    expect(kinds).toEqual([
      [['stale-state', 'the cell is not 0', 2]],
      [['stale-state', 'the cell is not 0', 1]],
      [['stale-state', 'the cell is not 0', 1]],
    ]);
  });

  it('name one waiter once, also when a property of the program does', () => {
    const program: Program = { ...lostWakeup(), properties: [nobodyStuck] };
    expect(search(program).map(({ id }) => id)).toEqual(search(lostWakeup()).map(({ id }) => id));
  });
});
