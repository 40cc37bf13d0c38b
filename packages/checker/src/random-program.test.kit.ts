// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, makeStep, type Machine, type Program, type Steps } from '@libmultipath/kernel';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';
import * as toy from './toy.test.kit.js';

/** One instruction of a generated task. Numbers are taken modulo what there is. */
export type Op =
  | { readonly op: 'read' | 'add' | 'increment' | 'take' | 'skipIfOdd' | 'flip'; readonly cell: number }
  | { readonly op: 'write' | 'wait'; readonly cell: number; readonly value: number }
  | { readonly op: 'copy' | 'waitEither'; readonly cell: number; readonly other: number }
  | { readonly op: 'acquire' | 'release'; readonly lock: number }
  | { readonly op: 'enter' | 'leave' | 'close' | 'open' }
  | { readonly op: 'arm' | 'settle' }
  | { readonly op: 'spawn'; readonly body: readonly Op[] };

export interface Spec {
  readonly tasks: readonly (readonly Op[])[];
  readonly expiry: readonly Op[];
}

const CELLS = 3;

interface Memory {
  readonly cells: toy.cell[];
  readonly locks: toy.lock[];
  readonly gate: toy.gate;
  readonly alarm: toy.alarm;
  readonly tasks: Map<string, { at: string; sum: number }>;
}

const pickCell = (memory: Memory, index: number): toy.cell => memory.cells[index % CELLS] ?? new toy.cell();
const pickLock = (memory: Memory, index: number): toy.lock => memory.locks[index % 2] ?? new toy.lock();

function* run(name: string, ops: readonly Op[], memory: Memory): Steps<void> {
  const own = memory.tasks.get(name) ?? { at: '', sum: 0 };
  memory.tasks.set(name, own);
  let skip = false;
  for (const [index, op] of ops.entries()) {
    own.at = `${String(index)}${skip ? 's' : ''}`;
    if (skip) {
      skip = false;
      continue;
    }
    const seen = yield* one(name, index, op, memory);
    if (typeof seen === 'number') {
      own.sum = (own.sum * 3 + seen) % 7;
      skip = op.op === 'skipIfOdd' && seen % 2 === 1;
    }
  }
  own.at = 'end';
}

function* one(name: string, index: number, op: Op, memory: Memory): Steps<number | undefined> {
  switch (op.op) {
    case 'read':
    case 'skipIfOdd':
      return yield* toy.read(pickCell(memory, op.cell));
    case 'add':
      yield* toy.add(pickCell(memory, op.cell), 1);
      return undefined;
    case 'increment':
      return yield* toy.increment(pickCell(memory, op.cell));
    case 'take':
      yield* toy.take(pickCell(memory, op.cell));
      return undefined;
    case 'flip':
      return yield* toy.flip(pickCell(memory, op.cell), 2);
    case 'write':
      yield* toy.write(pickCell(memory, op.cell), op.value);
      return undefined;
    case 'wait':
      return yield* toy.wait(pickCell(memory, op.cell), op.value);
    case 'copy':
      return yield* toy.copy(pickCell(memory, op.cell), pickCell(memory, op.other));
    case 'waitEither':
      return yield* toy.waitEither(pickCell(memory, op.cell), pickCell(memory, op.other), 1);
    case 'acquire':
      yield* toy.acquire(pickLock(memory, op.lock));
      return undefined;
    case 'release':
      yield* toy.release(pickLock(memory, op.lock));
      return undefined;
    case 'enter':
      yield* toy.enter(memory.gate);
      return undefined;
    case 'leave':
      yield* toy.leave(memory.gate);
      return undefined;
    case 'close':
      yield* toy.close(memory.gate);
      return undefined;
    case 'open':
      yield* toy.open(memory.gate);
      return undefined;
    case 'arm':
      yield* toy.arm(memory.alarm);
      return undefined;
    case 'settle':
      yield* toy.settle(currentMachine(), pickCell(memory, 0));
      return undefined;
    case 'spawn': {
      const child = `${name}/${String(index)}`;
      yield makeStep('spawn', memory.gate, toy.birthOf(child), 'write');
      currentMachine().spawn(child, () => run(child, op.body, memory));
      return undefined;
    }
  }
}

const states = new WeakMap<Machine, () => unknown>();

/** A whole digest of the toy state, taken from what the program itself keeps. */
export const toyDigest = (machine: Machine, extra: unknown): string | undefined => {
  const state = states.get(machine);
  return state === undefined ? undefined : canonicalJson([state(), extra]);
};

/** The program that a spec says; its outcome is coarse, so that states and schedules fall together. */
export const programOf = (spec: Spec): Program => ({
  name: 'random',
  make(machine) {
    const memory: Memory = {
      cells: Array.from({ length: CELLS }, () => new toy.cell()),
      locks: [new toy.lock(), new toy.lock()],
      gate: new toy.gate(),
      alarm: new toy.alarm(),
      tasks: new Map(),
    };
    for (const [index, ops] of spec.tasks.entries()) {
      const name = `t${String(index)}`;
      machine.spawn(name, () => run(name, ops, memory));
    }
    machine.spawn('timer', () => toy.timerLane(memory.alarm, () => run('timer', spec.expiry, memory)), {
      kind: 'timer',
      service: true,
    });
    const { cells, locks, gate, alarm, tasks } = memory;
    states.set(machine, () => [
      cells.map(({ value }) => value),
      locks.map(({ owner }) => owner),
      [gate.readers, gate.writer, alarm.armed],
      [...tasks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, { at, sum }]) => [name, at, sum]),
      machine.tasks.map((task) => `${task.name} ${String(task.done)}`).sort(),
    ]);
    return {
      outcome: () => ({
        cells: cells.map(({ value }) => value),
        sums: Object.fromEntries([...tasks].map(([name, { sum }]) => [name, sum])),
      }),
    };
  },
});

const cell = fc.nat(CELLS - 1);
const plain: fc.Arbitrary<Op> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ op: fc.constantFrom('read', 'increment', 'add', 'skipIfOdd'), cell }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('write'), cell, value: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('wait'), cell, value: fc.integer({ min: 1, max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('take', 'flip'), cell }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('copy', 'waitEither'), cell, other: cell }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constantFrom('acquire', 'release'), lock: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constantFrom('enter', 'leave', 'close', 'open') }) },
);
const body = (max: number): fc.Arbitrary<Op[]> =>
  fc.array(
    fc.oneof(
      { weight: 12, arbitrary: plain },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('arm') }) },
      {
        weight: 1,
        arbitrary: fc.record({ op: fc.constant('spawn'), body: fc.array(plain, { minLength: 1, maxLength: 2 }) }),
      },
      { weight: 2, arbitrary: fc.record({ op: fc.constant('settle') }) },
    ),
    { minLength: 1, maxLength: max },
  );

/** Two to four tasks of up to four instructions, a timer, and what its expiry does. */
export const anySpec: fc.Arbitrary<Spec> = fc.record({
  tasks: fc.array(body(4), { minLength: 2, maxLength: 4 }),
  expiry: fc.array(plain, { maxLength: 2 }),
});
