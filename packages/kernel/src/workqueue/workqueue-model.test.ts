// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { load } from '../memory/access.js';
import type { MachineEvent } from '../machine.js';
import { KObject } from '../object.js';
import type { Steps } from '../step.js';
import { run, seeded } from '../testing/run.js';
import { cancel_work, cancel_work_sync } from './cancel-work.js';
import { WQ_UNBOUND } from './flags.js';
import { flush_work, flush_workqueue } from './flush-work.js';
import { queue_work_on } from './queue-work.js';
import { work_struct } from './work.js';
import { workqueue_struct, type WorkqueueOptions } from './workqueue-struct.js';

class item extends KObject {
  value = 0;
  readonly work: work_struct = new work_struct(this, () => this.body(), 'work');

  private *body(): Steps<void> {
    yield* load(this, 'value');
  }
}

const KINDS: readonly WorkqueueOptions[] = [
  {},
  { maxActive: 1 },
  { maxActive: 2 },
  { maxActive: 1, flags: WQ_UNBOUND },
  { maxActive: 2, flags: WQ_UNBOUND },
  { workers: 1 },
];

const OPERATIONS = ['queue', 'queue', 'cancel', 'cancelSync', 'flush', 'flushAll'] as const;
type Operation = readonly [(typeof OPERATIONS)[number], number, number];

/** One queueing, as the model knows it. */
interface Token {
  readonly work: KObject;
  readonly cpu: number;
  over: boolean;
}

/** The workqueue as its documentation describes it, fed with what the machine did. */
class NaiveQueue {
  private readonly queued: Token[] = [];
  private readonly running: Token[] = [];
  private readonly disabled = new Map<KObject, number>();
  private readonly flushes = new Map<string, readonly Token[]>();
  runs = 0;
  /** What the machine did otherwise. */
  readonly differences: string[] = [];

  constructor(private readonly options: WorkqueueOptions) {}

  see(event: MachineEvent, cpu: number): void {
    const { task, step } = event;
    const { object: work } = step;
    const pending = this.queued.find((token) => token.work === work);
    const running = this.running.find((token) => token.work === work);
    switch (step.op) {
      case 'queue_work_on': {
        this.hold(
          step.value === (pending === undefined && (this.disabled.get(work) ?? 0) === 0),
          'the result of',
          event,
        );
        if (step.value === true) this.queued.push({ work, cpu, over: false });
        return;
      }
      case 'process_one_work': {
        if (pending === undefined) throw new Error('it started without having been queued');
        this.hold(running === undefined, 'not running before', event);
        this.hold(this.hasPlace(pending), 'a place at', event);
        this.queued.splice(this.queued.indexOf(pending), 1);
        this.running.push(pending);
        return;
      }
      case 'work_done': {
        if (running === undefined) throw new Error('it ended without having begun');
        this.running.splice(this.running.indexOf(running), 1);
        running.over = true;
        this.runs++;
        return;
      }
      case 'cancel_work':
      case 'cancel_work_sync': {
        this.hold(step.value === (pending !== undefined), 'the result of', event);
        if (pending !== undefined) this.drop(pending);
        if (step.op === 'cancel_work_sync') this.disabled.set(work, (this.disabled.get(work) ?? 0) + 1);
        return;
      }
      case 'cancel_work_sync_end': {
        this.hold(running === undefined, 'not running before', event);
        this.disabled.set(work, (this.disabled.get(work) ?? 0) - 1);
        return;
      }
      case 'flush_work': {
        const target = pending ?? running;
        this.flushes.set(task.name, target === undefined ? [] : [target]);
        return;
      }
      case 'flush_workqueue': {
        this.flushes.set(task.name, [...this.queued, ...this.running]);
        return;
      }
      case 'flush_work_end':
      case 'flush_workqueue_end': {
        this.hold(this.flushes.get(task.name)?.every(({ over }) => over) === true, 'all over at', event);
      }
    }
  }

  private drop(token: Token): void {
    this.queued.splice(this.queued.indexOf(token), 1);
    token.over = true;
  }

  /** Those that compete with it for a place: of its CPU, or all of an unbound workqueue. */
  private hasPlace(token: Token): boolean {
    const { maxActive = Infinity, workers = Infinity, flags = 0 } = this.options;
    const competes = (other: Token): boolean => (flags & WQ_UNBOUND) !== 0 || other.cpu === token.cpu;
    const rank = this.queued.filter(competes).indexOf(token);
    const active = this.running.filter(competes).length;
    return rank + active < maxActive && this.running.length < workers;
  }

  private hold(condition: boolean, what: string, { task, step }: MachineEvent): void {
    if (!condition) this.differences.push(`${what} ${step.op} by ${task.name}`);
  }
}

const operation = fc.tuple(fc.constantFrom(...OPERATIONS), fc.nat({ max: 2 }), fc.nat({ max: 1 }));
const program = fc.array(fc.array(operation, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 });

function* perform([op, n, cpu]: Operation, items: readonly item[], wq: workqueue_struct): Steps<void> {
  const work = items[n]?.work ?? null;
  if (op === 'queue') yield* queue_work_on(cpu, wq, work);
  else if (op === 'cancel') yield* cancel_work(work);
  else if (op === 'cancelSync') yield* cancel_work_sync(work);
  else if (op === 'flush') yield* flush_work(work);
  else yield* flush_workqueue(wq);
}

it('queues, starts, cancels and flushes as a naive model of the workqueue does, in any interleaving', () => {
  let runs = 0;
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), program, fc.integer(), (options, tasks, seed) => {
      const naive = new NaiveQueue(options);
      const { end, reports } = run(
        (machine) => {
          const items = [new item(), new item(), new item()];
          const wq = new workqueue_struct('wq', options);
          for (const [i, operations] of tasks.entries()) {
            const name = `t${String(i)}`;
            machine.spawn(name, function* () {
              for (const each of operations) {
                yield* perform(each, items, wq);
              }
            });
          }
        },
        seeded(seed),
        {
          onEvent: (event) => {
            naive.see(event, event.step.op === 'queue_work_on' ? cpuOf(event) : 0);
          },
        },
      );
      expect([end, reports, naive.differences]).toEqual(['finished', [], []]);
      runs += naive.runs;
    }),
    { numRuns: 1500 },
  );
  expect(runs).toBeGreaterThan(1000);
});

/** The CPU that a queueing was for: what the instance says, while there is one. */
const cpuOf = ({ step }: MachineEvent): number =>
  step.object instanceof work_struct ? (step.object.queued?.cpu ?? 0) : 0;
