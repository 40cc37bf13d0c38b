// SPDX-License-Identifier: GPL-2.0-only

/** Tasks that a set of tasks can tell apart: the bits of a number, but for that of {@link OVER}. */
export const MAX_TASKS = 31;

/** Number of a task that was over before it was met: it stands in no set of a future, and its own bit tells nothing. */
export const OVER = MAX_TASKS;

/**
 * `taken`: the step is taken. `waits`: it is what a task waits before, and its past is its
 * task's own. `again`: it waits still after a step that conflicts with it.
 */
export type Manner = 'taken' | 'waits' | 'again';

/** What later steps have in common: one task, one footprint. */
export interface Kind {
  readonly task: number;
  readonly footprint: number;
  readonly manner: Manner;
  /** By their past, then by what is first. */
  readonly futures: Map<number, Map<number, Future>>;
}

/**
 * A step that some schedule from a state comes to later: whose, what it touches, and, of the
 * steps between that it comes after, which tasks take them (`past`) and which tasks begin
 * (`first`: nothing in between happens before their first step). Sets of tasks are bits.
 */
export interface Future {
  readonly id: number;
  readonly kind: Kind;
  readonly past: number;
  readonly first: number;
  /** It is the next step of its task: the task takes none before. */
  readonly begins: boolean;
}

const MANNERS: readonly Manner[] = ['taken', 'waits', 'again'];

/** All futures ever seen, each once. */
export class Futures {
  private readonly all: Future[] = [];
  private readonly kinds = new Map<number, Kind>();

  at(id: number): Future | undefined {
    return this.all[id];
  }

  kind(task: number, footprint: number, manner: Manner): Kind {
    const key = (footprint * 32 + task) * 4 + MANNERS.indexOf(manner);
    let kind = this.kinds.get(key);
    if (kind === undefined) {
      kind = { task, footprint, manner, futures: new Map<number, Map<number, Future>>() };
      this.kinds.set(key, kind);
    }
    return kind;
  }

  of(kind: Kind, past: number, first: number, begins: boolean): Future {
    let alike = kind.futures.get(past);
    if (alike === undefined) kind.futures.set(past, (alike = new Map<number, Future>()));
    const key = first * 2 + Number(begins);
    let future = alike.get(key);
    if (future === undefined) {
      future = { id: this.all.length, kind, past, first, begins };
      alike.set(key, future);
      this.all.push(future);
    }
    return future;
  }

  /** The step that `task` stands before. */
  next(task: number, footprint: number, manner: Manner): Future {
    return this.of(this.kind(task, footprint, manner), 1 << task, 1 << task, true);
  }
}
