// SPDX-License-Identifier: GPL-2.0-only
import { WHOLE, type Allocation, type Step } from '@libmultipath/kernel';
import type { TraceEvent } from './run-trace.js';

/** Who did something, and with which event; -1: before the first. */
export interface Moment {
  readonly index: number;
  readonly task: string;
  /** Innermost first. */
  readonly stack: readonly string[];
}

export interface ReferenceChange {
  readonly index: number;
  readonly task: string;
  readonly fn: string;
  readonly change: 'taken' | 'dropped';
  readonly counter: string;
  readonly count: number;
}

/** The life of one allocation. */
export interface Life {
  readonly label: string;
  readonly allocated: Moment;
  readonly freed?: Moment;
  readonly references: readonly ReferenceChange[];
  readonly uses: number;
  readonly lastUse: number;
  readonly usedAfter: readonly number[];
}

interface Growing {
  readonly alloc: Allocation;
  readonly allocated: number;
  freed: TraceEvent | undefined;
  readonly references: ReferenceChange[];
  uses: number;
  lastUse: number;
  readonly usedAfter: number[];
}

/** Fields that count who holds the object: of refcount_t and kref, module, block_device, bio. */
const COUNTERS: ReadonlySet<string> = new Set(['refs', 'refcnt', 'bd_openers', '__bi_cnt']);
const USED_AFTER_MAX = 100;

/** The number that a step on a counter of references is about; undefined: it is about something else. */
const countIn = ({ object, field }: Step): number | undefined => {
  if (!COUNTERS.has(field)) return undefined;
  const value: unknown = Reflect.get(object, field);
  return typeof value === 'number' ? value : undefined;
};

/** Writes the lives of all that a run touches, while it goes on. */
export class Lives {
  private readonly lives = new Map<Allocation, Growing>();
  /** Allocations made before the n-th event. */
  private readonly made: number[] = [];
  private count: number | undefined = undefined;
  private alive = false;

  before(step: Step, allocated: number): void {
    this.made.push(allocated);
    this.count = countIn(step);
    this.alive = !step.object.alloc.freed;
  }

  after(event: TraceEvent): void {
    const { index, step, task, stack } = event;
    const life = this.lifeOf(step.object.alloc);
    if (life.lastUse !== index) life.uses++;
    life.lastUse = index;
    if (!this.alive) {
      if (life.usedAfter.length < USED_AFTER_MAX) life.usedAfter.push(index);
    } else if (step.object.alloc.freed) life.freed = event;
    const count = countIn(step);
    if (count !== undefined && this.count !== undefined && count !== this.count) {
      life.references.push({
        index,
        task: task.name,
        fn: stack[0] ?? '',
        change: count > this.count ? 'taken' : 'dropped',
        counter: `${step.object.label}.${step.field}`,
        count,
      });
    }
    for (const { object, field } of step.also ?? []) {
      if (field === WHOLE || object.alloc === step.object.alloc) continue;
      const other = this.lifeOf(object.alloc);
      if (other.lastUse !== index) other.uses++;
      other.lastUse = index;
    }
  }

  /** All lives; those of `first` stand before the others, which come in order of allocation. */
  all(first: string): Life[] {
    const lives = [...this.lives.values()].sort((a, b) => a.alloc.id - b.alloc.id);
    const about = ({ alloc }: Growing): boolean => alloc.label === first;
    return [...lives.filter(about), ...lives.filter((life) => !about(life))].map((life): Life => {
      const { alloc, allocated, freed, references, uses, lastUse, usedAfter } = life;
      const { task, stack } = alloc.allocatedAt;
      return {
        label: alloc.label,
        allocated: { index: allocated, task, stack: [...stack] },
        ...(freed === undefined
          ? {}
          : { freed: { index: freed.index, task: freed.task.name, stack: [...freed.stack] } }),
        references,
        uses,
        lastUse,
        usedAfter,
      };
    });
  }

  private lifeOf(alloc: Allocation): Growing {
    const known = this.lives.get(alloc);
    if (known !== undefined) return known;
    // Made by the event after which more allocations were known than before it.
    const allocated = this.made.findLastIndex((before) => before < alloc.id);
    const life = { alloc, allocated, freed: undefined, references: [], uses: 0, lastUse: -1, usedAfter: [] };
    this.lives.set(alloc, life);
    return life;
  }
}
