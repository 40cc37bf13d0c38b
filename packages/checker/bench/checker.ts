// SPDX-License-Identifier: GPL-2.0-only
import {
  KObject,
  kfn,
  load,
  mutex,
  mutex_lock,
  mutex_unlock,
  settle,
  srcu_read_lock,
  srcu_read_unlock,
  srcu_struct,
  store,
  synchronize_srcu,
  kfree,
  type Program,
  type Steps,
} from '@libmultipath/kernel';
import { explore, type ExploreOptions } from '../src/index.js';

/*
 * What the reduction and the memo save, and how fast the search steps: one table, all
 * searches of one program beside each other in the same run.
 */
const MOST = 200_000;

class bench_path extends KObject {
  ready = 1;
}

class bench_head extends KObject {
  readonly srcu = new srcu_struct(this);
  readonly lock = new mutex(this);
  current_path: bench_path | null = null;
  submitted = 0;
  readonly counters: number[] = [0, 0, 0, 0];
}

const submit = kfn('bench_submit', function* (head: bench_head): Steps<number> {
  const idx = yield* srcu_read_lock(head.srcu);
  const path = yield* load(head, 'current_path');
  const ready = path === null ? 0 : yield* load(path, 'ready');
  yield* srcu_read_unlock(head.srcu, idx);
  return ready;
});

const remove = kfn('bench_remove', function* (head: bench_head, path: bench_path): Steps<void> {
  yield* mutex_lock(head.lock);
  yield* store(head, 'current_path', null);
  yield* mutex_unlock(head.lock);
  yield* synchronize_srcu(head.srcu);
  yield* kfree(path);
});

const count = kfn('bench_count', function* (head: bench_head): Steps<void> {
  yield* mutex_lock(head.lock);
  const submitted = yield* load(head, 'submitted');
  yield* store(head, 'submitted', submitted + 1);
  yield* mutex_unlock(head.lock);
});

const removal = (submitters: number): Program => ({
  name: `${String(submitters)} submitters, 1 removal`,
  make(machine) {
    const head = new bench_head();
    const path = new bench_path();
    head.current_path = path;
    const seen: number[] = [];
    for (let n = 0; n < submitters; n++) {
      machine.spawn(`submit${String(n)}`, function* () {
        seen[n] = yield* submit(head);
      });
    }
    machine.spawn('remove', () => remove(head, path));
    return { outcome: () => Array.from(seen, (ready) => ready ?? -1) };
  },
});

/** The same race again and again, with a settle point between: what a scenario with phases looks like. */
const phases = (rounds: number): Program => ({
  name: `${String(rounds)} phases of 2 counters`,
  make(machine) {
    const head = new bench_head();
    machine.globals.set('head', head);
    machine.spawn('main', function* () {
      for (let round = 0; round < rounds; round++) {
        for (let n = 0; n < 2; n++) machine.spawn(`count${String(round)}.${String(n)}`, () => count(head));
        yield* settle([round]);
      }
    });
    return { outcome: () => head.submitted };
  },
});

const locks = (tasks: number): Program => ({
  name: `${String(tasks)} tasks, 1 lock`,
  make(machine) {
    const head = new bench_head();
    for (let n = 0; n < tasks; n++) machine.spawn(`count${String(n)}`, () => count(head));
    return { outcome: () => head.submitted };
  },
});

const searches: readonly (readonly [string, ExploreOptions])[] = [
  ['plain', { reduction: 'none', memo: false }],
  ['memo', { reduction: 'none' }],
  ['dpor, no sleep sets', { sleepSets: false, memo: false }],
  ['dpor', { memo: false }],
  ['dpor + memo', {}],
];

const cell = (text: string | number, width: number): string => String(text).padStart(width);

process.stdout.write(
  `${'program'.padEnd(26)} ${'search'.padEnd(20)} ${cell('executions', 10)} ${cell('pruned', 7)} ${cell('new steps', 10)} ${cell('replayed', 10)} ${cell('states', 7)} ${cell('ms', 7)} ${cell('Msteps/s', 8)}\n`,
);
for (const program of [removal(1), removal(2), removal(3), locks(3), locks(4), phases(3), phases(12)]) {
  for (const [name, options] of searches) {
    const began = performance.now();
    const found = explore(program, { maxExecutions: MOST, ...options });
    const ms = performance.now() - began;
    const { executions, pruned, steps, replayedSteps, states } = found.stats;
    const rate = (steps + replayedSteps) / ms / 1_000;
    const more = found.complete ? '' : '+';
    process.stdout.write(
      `${program.name.padEnd(26)} ${name.padEnd(20)} ${cell(`${String(executions)}${more}`, 10)} ${cell(pruned, 7)} ${cell(steps, 10)} ${cell(replayedSteps, 10)} ${cell(states, 7)} ${cell(ms.toFixed(0), 7)} ${cell(rate.toFixed(2), 8)}\n`,
    );
  }
}
