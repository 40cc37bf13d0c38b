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
 * Steps a second of the simulated kernel, beside what bare generators do on the same
 * machine in the same run: the ratio is what the kernel costs.
 */
const TASKS = 3;
const ROUNDS = 20_000;
const STEPS_A_ROUND = 8;
const REPEATS = 5;

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

function* bare(): Generator<number, void, void> {
  for (let n = 0; n < ROUNDS * STEPS_A_ROUND; n++) yield* middle();
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

/** Best of several runs, in steps a second. */
const measure = (run: () => number): number => {
  let best = 0;
  for (let n = 0; n < REPEATS; n++) {
    const start = process.hrtime.bigint();
    const steps = run();
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    best = Math.max(best, steps / seconds);
  }
  return best;
};

const millions = (rate: number): string => `${(rate / 1e6).toFixed(2)} M steps/s`;
const bareRate = measure(bareRun);
const kernelRate = measure(kernelRun);
process.stdout.write(`bare generators  ${millions(bareRate)}\n`);
process.stdout.write(`simulated kernel ${millions(kernelRate)} (1/${(bareRate / kernelRate).toFixed(1)})\n`);
