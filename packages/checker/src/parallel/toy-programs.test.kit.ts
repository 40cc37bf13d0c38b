// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine, kfn, type Program } from '@libmultipath/kernel';
import { programOf, toyDigest, type Spec } from '../random-program.test.kit.js';
import * as toy from '../toy.test.kit.js';
import type { SourcedProgram } from './program-source.js';

/** A generated program. */
export const random = (spec: Spec): SourcedProgram => ({ program: programOf(spec), options: { digest: toyDigest } });

export interface CrowdArgs {
  readonly tasks: number;
  readonly writes: number;
  /** Warns when this task was last. */
  readonly warns?: number;
}

/** Tasks that each write one shared cell some times. */
export const crowd = ({ tasks, writes, warns }: CrowdArgs): Program =>
  toy.program(`crowd of ${String(tasks)} × ${String(writes)}`, (machine) => {
    const cell = new toy.cell();
    let left = tasks * writes;
    for (let index = 0; index < tasks; index++) {
      machine.spawn(`t${String(index)}`, function* () {
        for (let nth = 0; nth < writes; nth++) {
          yield* toy.write(cell, index);
          left--;
        }
        if (left === 0 && warns === index) currentMachine().report('warning', 'WARNING: last', cell);
      });
    }
    return () => cell.value;
  });

/** Not a function of anything, and that is allowed too. */
export const plain: Program = crowd({ tasks: 2, writes: 1 });

const choose_path = kfn('choose_path', function* (cell: toy.cell) {
  const value = yield* toy.read(cell);
  if (value === 1) spin(cell);
});

/** A driver's callback that loops once the other task was first. */
export const endless = (): Program =>
  toy.program('endless', (machine) => {
    const cell = new toy.cell();
    machine.spawn('submitter', () => choose_path(cell));
    machine.spawn('remover', () => toy.write(cell, 1));
    return () => cell.value;
  });

const spin = (cell: toy.cell): void => {
  while (cell.value > 0) cell.value++;
};

/** Warns when the remover comes between the submitter's steps; where it came first the submitter loops, if it `may`. */
export const warnsOrLoops = ({ may }: { readonly may: boolean }): Program =>
  toy.program('warns or loops', (machine) => {
    const cell = new toy.cell();
    machine.spawn('submitter', function* () {
      const before = yield* toy.read(cell);
      if (before === 1 && may) spin(cell);
      yield* toy.write(cell, 2);
      const after = yield* toy.read(cell);
      if (before === 0 && after === 1) currentMachine().report('warning', 'WARNING: another was here', cell);
    });
    machine.spawn('remover', () => toy.write(cell, 1));
    return () => cell.value;
  });

/** Throws in some schedules. */
export const throws = (): Program =>
  toy.program('throws', (machine) => {
    const cell = new toy.cell();
    machine.spawn('a', () => toy.write(cell, 1));
    machine.spawn('b', function* () {
      if ((yield* toy.read(cell)) === 0) throw new TypeError('no such thing');
    });
    return () => null;
  });

export const quits = (): Program => process.exit(3);

export const number = 7;
