// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KObject } from '../object.js';
import { load, store } from '../memory/access.js';
import { kfree } from '../memory/alloc.js';
import { might_sleep } from '../sched/might-sleep.js';
import type { Steps } from '../step.js';
import { one } from '../testing/one.js';
import { everySchedule, run, seeded } from '../testing/run.js';
import { synchronize_srcu, srcu_struct } from '../srcu/srcu.js';
import { mutex, mutex_is_locked, mutex_lock, mutex_trylock, mutex_unlock } from './mutex.js';
import { down_read, down_write, rw_semaphore, up_read, up_write } from './rw-semaphore.js';
import { spin_lock_irqsave, spin_unlock_irqrestore, spinlock_t } from './spinlock.js';

class guarded extends KObject {
  readonly lock = new mutex(this);
  readonly other = new mutex(this);
  readonly spin = new spinlock_t(this);
  readonly sem = new rw_semaphore(this);
  n = 0;
}

const pairs: Record<string, [(o: guarded) => Steps<void>, (o: guarded) => Steps<void>]> = {
  mutex: [(o) => mutex_lock(o.lock), (o) => mutex_unlock(o.lock)],
  spinlock: [(o) => spin_lock_irqsave(o.spin), (o) => spin_unlock_irqrestore(o.spin)],
  'rw_semaphore for writing': [(o) => down_write(o.sem), (o) => up_write(o.sem)],
};

for (const [name, [lock, unlock]] of Object.entries(pairs)) {
  it(`loses no increment under a ${name}, in any interleaving`, () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { machine, end, reports } = run((m) => {
          const o = new guarded();
          m.globals.set('o', o);
          for (let t = 0; t < 3; t++) {
            m.spawn(`t${String(t)}`, function* () {
              for (let round = 0; round < 3; round++) {
                yield* lock(o);
                yield* store(o, 'n', (yield* load(o, 'n')) + 1);
                yield* unlock(o);
              }
            });
          }
        }, seeded(seed));
        expect([end, reports]).toEqual(['finished', []]);
        expect(machine.globals.get('o')).toMatchObject({ n: 9 });
      }),
    );
  });
}

it('lets readers share a rw_semaphore and keeps a writer alone', () => {
  let together = 0;
  everySchedule(
    (machine) => {
      const o = new guarded();
      let inside = 0;
      for (const name of ['r0', 'r1']) {
        machine.spawn(name, function* () {
          yield* down_read(o.sem);
          together = Math.max(together, ++inside);
          const up = up_read(o.sem);
          const step = up.next();
          if (step.done !== true) yield step.value;
          inside--;
          up.next();
        });
      }
      machine.spawn('w', function* () {
        yield* down_write(o.sem);
        expect(inside).toBe(0);
        yield* up_write(o.sem);
      });
    },
    ({ end, reports }) => {
      expect([end, reports]).toEqual(['finished', []]);
    },
  );
  expect(together).toBe(2);
});

it('tries a mutex without waiting', () => {
  const { reports } = one(function* () {
    const { lock } = new guarded();
    expect(yield* mutex_trylock(lock)).toBe(true);
    expect(yield* mutex_trylock(lock)).toBe(false);
    expect(yield* mutex_is_locked(lock)).toBe(true);
    yield* mutex_unlock(lock);
    expect(yield* mutex_is_locked(lock)).toBe(false);
  });
  expect(reports).toEqual([]);
});

it('reports recursion, and then waits for ever', () => {
  const { reports, end } = one(function* () {
    const { lock } = new guarded();
    yield* mutex_lock(lock);
    yield* mutex_lock(lock);
  });
  expect([reports, end]).toEqual([['deadlock: WARNING: possible recursive locking detected'], 'stuck']);
});

it('reports an unlock by somebody who does not hold the lock, and leaves it locked', () => {
  const { reports, machine } = run((m) => {
    const o = new guarded();
    m.globals.set('o', o);
    m.spawn('owner', () => mutex_lock(o.lock));
    m.spawn('stranger', () => mutex_unlock(o.lock));
  });
  expect(reports).toEqual([
    'deadlock: WARNING: lock held when returning to user space! guarded#1.mutex',
    'warning: WARNING: bad unlock balance detected!',
  ]);
  expect(machine.globals.get('o')).toMatchObject({ lock: { owner: { name: 'owner' } } });
});

it('reports two orders of two locks even when they do not deadlock', () => {
  const both = (first: mutex, second: mutex) =>
    function* (): Steps<void> {
      yield* mutex_lock(first);
      yield* mutex_lock(second);
      yield* mutex_unlock(second);
      yield* mutex_unlock(first);
    };
  const { reports, end } = run((machine) => {
    const o = new guarded();
    machine.spawn('a', both(o.lock, o.other));
    machine.spawn('b', both(o.other, o.lock));
  });
  expect(end).toBe('finished');
  expect(reports).toEqual([
    'lock-order: WARNING: possible circular locking dependency detected: guarded#1.mutex before guarded#1.mutex',
  ]);
});

it('reports every kind of sleep while a spinlock is held', () => {
  const sleeps: Record<string, (o: guarded) => Steps<void>> = {
    mutex_lock: (o) => mutex_lock(o.lock),
    synchronize_srcu: (o) => synchronize_srcu(new srcu_struct(o)),
    down_read: (o) => down_read(o.sem),
    down_write: (o) => down_write(o.sem),
    anything: function* () {
      might_sleep('anything', undefined);
    },
  };
  for (const [fn, sleep] of Object.entries(sleeps)) {
    const { reports } = one(function* () {
      const o = new guarded();
      yield* spin_lock_irqsave(o.spin);
      yield* sleep(o);
      yield* spin_unlock_irqrestore(o.spin);
      might_sleep('nothing', undefined);
    });
    expect(reports[0]).toBe(`sleep-in-atomic: BUG: sleeping function called from invalid context: ${fn}`);
    expect(reports.join()).not.toContain('nothing');
  }
});

it('reports a free of the memory of a lock that is held', () => {
  const { reports } = one(function* () {
    const o = new guarded();
    yield* mutex_lock(o.lock);
    yield* kfree(o);
  });
  expect(reports[0]).toBe('use-after-free: WARNING: held lock freed! guarded#1.mutex');
});

it('wakes who waits for a lock whose memory is freed, into the report', () => {
  const { reports } = run((machine) => {
    const o = new guarded();
    machine.spawn('owner', function* () {
      yield* mutex_lock(o.lock);
      yield* load(o, 'n');
      yield* kfree(o);
    });
    machine.spawn('waiter', () => mutex_lock(o.lock));
  });
  expect(reports).toContain('use-after-free: KASAN: slab-use-after-free in waiter');
});
