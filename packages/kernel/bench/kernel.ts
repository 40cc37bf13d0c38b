// SPDX-License-Identifier: GPL-2.0-only
import {
  KObject,
  kfn,
  load,
  Machine,
  mutex,
  mutex_lock,
  mutex_unlock,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_struct,
  store,
  test_bit,
  type Chooser,
} from '../src/index.js';

/*
 * Steps a second of the simulated kernel, beside what bare generators do in the same run. The
 * two take turns, so that a busy machine slows both; the ratio is what the kernel costs.
 */
const TASKS = 3;
const ROUNDS = 20_000;
const STEPS_A_ROUND = 8;
const REPEATS = 15;
/** Steps a second, with all reports on. */
const GOAL = 3e6;

class bench_head extends KObject {
  readonly srcu = new srcu_struct(this);
  readonly lock = new mutex(this);
  flags = 1;
  value = 0;
}

const submit = kfn('bench_submit', function* (head: bench_head) {
  const idx = yield* srcu_read_lock(head.srcu);
  yield* test_bit(0, head, 'flags');
  const value = yield* load(head, 'value');
  yield* srcu_read_unlock(head.srcu, idx);
  yield* mutex_lock(head.lock);
  yield* store(head, 'value', value + 1);
  yield* load(head, 'value');
  yield* mutex_unlock(head.lock);
});

const submitter = kfn('bench_submitter', function* (head: bench_head) {
  for (let round = 0; round < ROUNDS; round++) yield* submit(head);
});

/** Takes the next task in turn: a chooser that costs next to nothing. */
const inTurn = (): Chooser => {
  let turn = 0;
  return { pick: (enabled) => enabled[turn++ % enabled.length] };
};

const kernelRun = (): number => {
  const machine = new Machine({ maxSteps: Number.MAX_SAFE_INTEGER });
  let head: bench_head | undefined;
  machine.spawn('make', function* () {
    head = new bench_head();
  });
  const made = head;
  if (made === undefined) throw new Error('the head was not made');
  for (let n = 0; n < TASKS; n++) machine.spawn(`submitter${String(n)}`, () => submitter(made));
  machine.run(inTurn());
  if (machine.reports.length > 0) throw new Error(machine.reports[0]?.message);
  return machine.steps;
};

function* leaf(): Generator<number, number, void> {
  yield 1;
  return 1;
}

function* middle(): Generator<number, number, void> {
  return yield* leaf();
}

function* outer(): Generator<number, number, void> {
  return yield* middle();
}

/** As deep as a step of the kernel's loop: task, submitter, submit, primitive. */
function* bare(): Generator<number, void, void> {
  for (let n = 0; n < ROUNDS * STEPS_A_ROUND; n++) yield* outer();
}

const bareRun = (): number => {
  const tasks = Array.from({ length: TASKS }, bare);
  let steps = 0;
  for (let live = TASKS; live > 0;) {
    for (const task of tasks) {
      if (task.next().done === true) live--;
      else steps++;
    }
  }
  return steps;
};

/** Steps a second of one run. */
const rateOf = (run: () => number): number => {
  const start = process.hrtime.bigint();
  const steps = run();
  return steps / (Number(process.hrtime.bigint() - start) / 1e9);
};

interface Rates {
  readonly best: number;
  readonly median: number;
}

const summary = (rates: readonly number[]): Rates => {
  const sorted = rates.toSorted((a, b) => b - a);
  return { best: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0 };
};

const bareRates: number[] = [];
const kernelRates: number[] = [];
for (let n = 0; n < REPEATS; n++) {
  bareRates.push(rateOf(bareRun));
  kernelRates.push(rateOf(kernelRun));
}

const millions = (rate: number): string => (rate / 1e6).toFixed(2).padStart(6);
const line = (what: string, { best, median }: Rates): string =>
  `${what.padEnd(32)} best ${millions(best)}, median ${millions(median)} M steps/s\n`;

const [bareSum, kernelSum] = [summary(bareRates), summary(kernelRates)];
process.stdout.write(line('bare generators, four deep', bareSum));
process.stdout.write(line('simulated kernel, all reports on', kernelSum));
process.stdout.write(
  `kernel/bare: best ${(kernelSum.best / bareSum.best).toFixed(2)}, median ${(kernelSum.median / bareSum.median).toFixed(2)}; ` +
    `goal ${millions(GOAL).trim()} M steps/s: ${kernelSum.best >= GOAL ? 'met' : 'missed'} at best, ` +
    `${kernelSum.median >= GOAL ? 'met' : 'missed'} at the median of ${String(REPEATS)}\n`,
);
