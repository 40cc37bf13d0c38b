// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { currentMachine } from '../current.js';
import { kfn } from '../kfn.js';
import { kfree } from '../memory/alloc.js';
import { KObject } from '../object.js';
import { everySchedule, run, seeded } from '../testing/run.js';
import {
  cleanup_srcu_struct,
  init_srcu_struct,
  srcu_down_read,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_readers,
  srcu_struct,
  srcu_up_read,
  synchronize_srcu,
} from './srcu.js';

class owner extends KObject {
  readonly srcu = new srcu_struct(this);
}

it('waits for a section that began before and not for one that began later', () => {
  const ends = new Set<string>();
  everySchedule(
    (machine) => {
      const { srcu } = new owner();
      const log: string[] = [];
      machine.globals.set('log', log);
      for (const name of ['r0', 'r1']) {
        machine.spawn(name, function* () {
          const idx = yield* srcu_read_lock(srcu);
          log.push(`${name}+`);
          yield* srcu_read_unlock(srcu, idx);
          log.push(`${name}-`);
        });
      }
      machine.spawn('sync', function* () {
        yield* synchronize_srcu(srcu);
        log.push('sync');
      });
    },
    ({ machine, end, reports }) => {
      expect(end).toBe('finished');
      expect(reports).toEqual([]);
      ends.add(String(machine.globals.get('log')));
    },
  );
  expect(ends).toContain('r0+,r0-,sync,r1+,r1-');
  // r1 began after the wait did: the wait ends while r1 is inside.
  expect(ends).toContain('r0+,r1+,r0-,sync,r1-');
  expect(ends).toContain('sync,r0+,r0-,r1+,r1-');
});

it('never returns while a section that began before is inside, in any interleaving', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      (seed, readers, syncs) => {
        let clock = 0;
        const open = new Map<string, number>();
        const { end, reports } = run((machine) => {
          const { srcu } = new owner();
          for (let n = 0; n < readers; n++) {
            machine.spawn(`r${String(n)}`, function* () {
              for (let round = 0; round < 3; round++) {
                const idx = yield* srcu_read_lock(srcu);
                open.set(`r${String(n)}`, ++clock);
                const nested = yield* srcu_read_lock(srcu);
                yield* srcu_read_unlock(srcu, nested);
                // The section ends with this step: from here on it may be over.
                const unlock = srcu_read_unlock(srcu, idx);
                const step = unlock.next();
                if (step.done !== true) yield step.value;
                open.delete(`r${String(n)}`);
                unlock.next();
              }
            });
          }
          for (let n = 0; n < syncs; n++) {
            machine.spawn(`s${String(n)}`, function* () {
              const steps = synchronize_srcu(srcu);
              let began = 0;
              for (let next = steps.next(); next.done !== true; next = steps.next()) {
                yield next.value;
                began = began === 0 ? ++clock : began;
              }
              for (const since of open.values()) expect(since).toBeGreaterThan(began);
            });
          }
        }, seeded(seed));
        expect(end).toBe('finished');
        expect(reports).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});

it('names the readers that a wait waits for', () => {
  const { machine, end } = run((m) => {
    const { srcu } = new owner();
    m.globals.set('srcu', srcu);
    m.spawn(
      'reader',
      kfn('reader', function* () {
        yield* srcu_read_lock(srcu);
      }),
    );
    m.spawn('waiter', () => synchronize_srcu(srcu));
  });
  expect(end).toBe('stuck');
  expect(machine.task('waiter')?.pending?.value).toEqual(['reader']);
  const srcu = machine.globals.get('srcu');
  expect(srcu instanceof srcu_struct && srcu_readers(srcu)).toEqual(['reader']);
});

const one = (body: (srcu: srcu_struct, o: owner) => Generator) =>
  run((machine) => {
    const o = new owner();
    // The bodies only pass steps on.
    machine.spawn(
      't',
      kfn('fn', () => body(o.srcu, o) as ReturnType<typeof synchronize_srcu>),
    );
  });

it('reports an unlock with an index that no lock gave', () => {
  const { reports } = one(function* (srcu) {
    const idx = yield* srcu_read_lock(srcu);
    yield* srcu_read_unlock(srcu, idx + 1);
    yield* srcu_read_unlock(srcu, idx);
    yield* srcu_read_unlock(srcu, idx);
  });
  expect(reports).toEqual([
    'warning: WARNING: bad unlock balance detected! srcu_read_unlock of index 1',
    'warning: WARNING: bad unlock balance detected! srcu_read_unlock of index 0',
  ]);
});

it('reports a wait inside a section of the same structure, which then never ends', () => {
  const { reports, end } = one(function* (srcu) {
    yield* srcu_read_lock(srcu);
    yield* synchronize_srcu(srcu);
  });
  expect(reports[0]).toBe(
    'deadlock: Illegal synchronize_srcu() in same-type SRCU (or in RCU) read-side critical section',
  );
  expect(end).toBe('stuck');
});

it('reports a cleanup with a reader inside, and goes on working', () => {
  const { reports } = one(function* (srcu) {
    const idx = yield* srcu_read_lock(srcu);
    yield* cleanup_srcu_struct(srcu);
    yield* srcu_read_unlock(srcu, idx);
  });
  expect(reports).toEqual(['warning: WARNING: cleanup_srcu_struct: srcu_readers_active: t']);
});

it('faults on use after the cleanup, until it is initialised again', () => {
  const { reports, machine } = one(function* (srcu) {
    yield* cleanup_srcu_struct(srcu);
    expect(yield* init_srcu_struct(srcu)).toBe(0);
    yield* srcu_read_unlock(srcu, yield* srcu_read_lock(srcu));
    yield* cleanup_srcu_struct(srcu);
    yield* srcu_read_lock(srcu);
  });
  expect(reports).toEqual([
    'null-dereference: BUG: kernel NULL pointer dereference in fn: srcu_struct after cleanup_srcu_struct',
  ]);
  expect(machine.task('t')?.killed).toBe(true);
});

it('reports a free with a reader inside, and the use after it', () => {
  const { reports } = one(function* (srcu, o) {
    const idx = yield* srcu_read_lock(srcu);
    yield* kfree(o);
    yield* srcu_read_unlock(srcu, idx);
  });
  expect(reports).toEqual([
    'use-after-free: WARNING: srcu_struct freed with t inside',
    'use-after-free: KASAN: slab-use-after-free in fn',
  ]);
});

it('waits for a section that somebody else leaves than entered it', () => {
  everySchedule(
    (machine) => {
      const { srcu } = new owner();
      const log: string[] = [];
      machine.globals.set('log', log);
      machine.spawn('submitter', function* () {
        const section = yield* srcu_down_read(srcu);
        log.push('in');
        currentMachine().spawn('completion', function* () {
          log.push('out');
          yield* srcu_up_read(srcu, section);
        });
        yield* synchronize_srcu(srcu);
        log.push('waited');
      });
    },
    ({ machine, end, reports }) => {
      expect(end).toBe('finished');
      expect(reports).toEqual([]);
      expect(String(machine.globals.get('log'))).toBe('in,out,waited');
    },
  );
});

it('reports a section that is left twice', () => {
  const { reports } = run((machine) => {
    const { srcu } = new owner();
    machine.spawn('t', function* () {
      const section = yield* srcu_down_read(srcu);
      yield* srcu_up_read(srcu, section);
      yield* srcu_up_read(srcu, section);
    });
  });
  expect(reports).toEqual(['warning: WARNING: bad unlock balance detected! srcu_up_read']);
});
