// SPDX-License-Identifier: GPL-2.0-only
import type { Machine, Program } from '@libmultipath/kernel';
import { describe, expect, it } from 'vitest';
import { explore } from './explore.js';
import * as toy from './toy.test.kit.js';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const spawnEach = (machine: Machine, count: number, body: (index: number) => ReturnType<typeof toy.write>): void => {
  for (const index of numbers(count)) machine.spawn(`t${String(index)}`, () => body(index));
};

/** Executions of the plain search, of the reduced one, and the part of these that sleep sets cut short. */
const counts = (program: Program): [number, number, number] => {
  const all = explore(program, { reduction: 'none', memo: false });
  const reduced = explore(program, { memo: false });
  expect(all.complete && reduced.complete).toBe(true);
  expect(reduced.outcomes.map(({ key }) => key)).toEqual(all.outcomes.map(({ key }) => key));
  expect(reduced.ends.stuckAt.map(({ key }) => key)).toEqual(all.ends.stuckAt.map(({ key }) => key));
  return [all.stats.executions, reduced.stats.executions, reduced.stats.pruned];
};

const writers = (count: number): Program =>
  toy.program('writers of their own', (machine) => {
    const cells = numbers(count).map(() => new toy.cell());
    spawnEach(machine, count, function* (index) {
      yield* toy.write(cells[index] ?? new toy.cell(), index);
    });
    return () => cells.map(({ value }) => value);
  });

const readers = (count: number): Program =>
  toy.program('readers and a writer', (machine) => {
    const shared = new toy.cell();
    const seen: number[] = [];
    spawnEach(machine, count, function* (index) {
      seen[index] = yield* toy.read(shared);
    });
    machine.spawn('writer', () => toy.write(shared, 1));
    return () => seen;
  });

const contenders = (count: number): Program =>
  toy.program('contenders', (machine) => {
    const lock = new toy.lock();
    const order: number[] = [];
    spawnEach(machine, count, function* (index) {
      yield* toy.acquire(lock);
      order.push(index);
      yield* toy.release(lock);
    });
    return () => order;
  });

const SLOTS = 128;
/** Flanagan and Godefroid's example: hashing into slots; the first conflict comes with the twelfth task. */
const indexer = (count: number): Program =>
  toy.program('indexer', (machine) => {
    const slots = numbers(SLOTS).map(() => new toy.cell());
    spawnEach(machine, count, function* (index) {
      for (let message = 0; message < 4; message++) {
        const wanted = message * 11 + index + 1;
        let slot = (wanted * 7) % SLOTS;
        for (;;) {
          const place = slots[slot] ?? new toy.cell();
          // Compare and swap: one step.
          const { value } = place;
          if (value === 0) {
            const now = yield* toy.increment(place);
            if (now === 1) break;
          }
          slot = (slot + 1) % SLOTS;
        }
      }
    });
    return () => slots.map(({ value }) => value > 0);
  });

describe('reduction', () => {
  it('runs independent writers once', () => {
    expect(counts(writers(5))).toEqual([120, 1, 0]);
  });

  it('runs n readers and a writer 2^n times', () => {
    expect(counts(readers(4))).toEqual([120, 16, 0]);
    expect(explore(readers(8)).stats).toMatchObject({ executions: 256, pruned: 0 });
  });

  it('runs n contenders for one lock n! times', () => {
    expect(counts(contenders(3))).toEqual([6, 6, 0]);
    expect(explore(contenders(5)).stats).toMatchObject({ executions: 120, pruned: 0 });
  });

  it('runs the indexer once up to eleven tasks, and more often with twelve', () => {
    expect(explore(indexer(11)).stats).toMatchObject({ executions: 1 });
    expect(explore(indexer(12)).stats.executions).toBeGreaterThan(1);
  });
});

describe('waiting', () => {
  it('finds the deadlock of two locks taken in opposite order', () => {
    const found = explore(
      toy.program('abba', (machine) => {
        const locks = [new toy.lock(), new toy.lock()] as const;
        for (const [name, first, second] of [
          ['ab', ...locks],
          ['ba', locks[1], locks[0]],
        ] as const) {
          machine.spawn(name, function* () {
            yield* toy.acquire(first);
            yield* toy.acquire(second);
            yield* toy.release(second);
            yield* toy.release(first);
          });
        }
        return () => 'done';
      }),
    );
    expect(found).toMatchObject({ complete: true, bound: 'complete (sequential consistency)' });
    expect(found.ends).toMatchObject({ finished: 2, stuck: 1 });
    expect(found.ends.stuckAt[0]).toMatchObject({
      blocked: [
        { task: 'ab', site: 'ab: acquire lock.owner[1]' },
        { task: 'ba', site: 'ba: acquire lock.owner[1]' },
      ],
    });
    expect(found.ends.stuckAt[0]?.schedule.map(({ task }) => task)).toEqual(['ab', 'ba']);
  });

  it('reverses two lock sections although the unlock lies between them', () => {
    const found = explore(
      toy.program('late lock', (machine) => {
        const lock = new toy.lock();
        const own = [new toy.cell(), new toy.cell()] as const;
        const order: string[] = [];
        for (const [index, cell] of own.entries()) {
          const name = `t${String(index)}`;
          machine.spawn(name, function* () {
            yield* toy.write(cell, 1);
            yield* toy.acquire(lock);
            order.push(name);
            yield* toy.release(lock);
          });
        }
        return () => order;
      }),
    );
    expect(found.outcomes.map(({ value }) => value)).toEqual([
      ['t0', 't1'],
      ['t1', 't0'],
    ]);
  });
});

describe('branches, children, timers and settle points', () => {
  it('takes every branch', () => {
    const found = explore(
      toy.program('coins', (machine) => {
        const cell = new toy.cell();
        const thrown: number[] = [];
        machine.spawn('t', function* () {
          thrown.push(yield* toy.flip(cell, 3));
          thrown.push(yield* toy.flip(cell, 2));
        });
        return () => thrown;
      }),
    );
    expect(found.outcomes.map(({ key }) => key)).toEqual(['[0,0]', '[0,1]', '[1,0]', '[1,1]', '[2,0]', '[2,1]']);
    expect(found.outcomes[5]?.schedule.map(({ branch }) => branch)).toEqual([2, 1]);
  });

  it('lets a timer expire before, between and after settle points', () => {
    const alarmed = (machine: Machine): (() => unknown) => {
      const [alarm, cell] = [new toy.alarm(), new toy.cell()];
      const seen: number[] = [];
      machine.spawn('t', function* () {
        yield* toy.arm(alarm);
        seen.push(yield* toy.read(cell));
        yield* toy.settle(machine, cell);
        seen.push(yield* toy.read(cell));
        yield* toy.settle(machine, cell);
        seen.push(yield* toy.read(cell));
      });
      machine.spawn('timer', () => toy.timerLane(alarm, () => toy.write(cell, 1)), { kind: 'timer', service: true });
      return () => seen;
    };
    const found = explore(toy.program('alarmed', alarmed));
    expect(found.outcomes.map(({ key }) => key)).toEqual(['[0,0,0]', '[0,0,1]', '[0,1,1]', '[1,1,1]']);
    expect(found.ends).toMatchObject({ stuck: 0 });
  });

  it('refuses a settle point that does not wait for the others', () => {
    const program = toy.program('hasty', (machine) => {
      const cell = new toy.cell();
      machine.spawn('a', function* () {
        yield* toy.write(cell, 1);
        yield* toy.write(cell, 2);
      });
      machine.spawn('b', function* () {
        yield* toy.hastySettle(cell);
      });
      return () => cell.value;
    });
    expect(() => explore(program)).toThrow(expect.objectContaining({ code: 'LMP-305' }));
  });
});
