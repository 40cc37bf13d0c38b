// SPDX-License-Identifier: GPL-2.0-only
import type { KObject } from '@libmultipath/kernel';
import type { Footprints } from './footprints.js';
import type { Future, Futures } from './futures.js';
import type { ObjectNames } from './object-names.js';

/** A map both ways; only what was met is known. */
class Pairs {
  readonly there = new Map<number, number>();
  readonly back = new Map<number, number>();

  learn(from: number, to: number): void {
    this.there.set(from, to);
    this.back.set(to, from);
  }
}

/** Translates futures to the names of another labelling of the interchangeable things, and back. */
export class Renaming {
  private readonly objects = new Pairs();
  private readonly tasks = new Pairs();
  private readonly knownThere: (number | undefined)[] = [];
  private readonly knownBack: (number | undefined)[] = [];

  constructor(
    private readonly own: ObjectNames,
    private readonly other: ObjectNames,
    private readonly footprints: Footprints,
    private readonly futures: Futures,
  ) {}

  /** A task's number, and its number in the other labelling. */
  meetTask(number: number, other: number): void {
    this.tasks.learn(number, other);
  }

  meetObject(object: KObject): void {
    this.objects.learn(this.own.of(object), this.other.of(object));
    this.objects.learn(this.own.ofAllocation(object), this.other.ofAllocation(object));
  }

  /** undefined: names something that was not met yet. */
  mask(mask: number, back: boolean): number | undefined {
    const table = back ? this.tasks.back : this.tasks.there;
    let renamed = 0;
    for (let rest = mask; rest !== 0; rest &= rest - 1) {
      const to = table.get(31 - Math.clz32(rest & -rest));
      if (to === undefined) return undefined;
      renamed |= 1 << to;
    }
    return renamed;
  }

  /** Ids of the same futures; undefined: one names something that was not met yet. */
  all(ids: Int32Array, back: boolean): Int32Array | undefined {
    const known = back ? this.knownBack : this.knownThere;
    const renamed = new Int32Array(ids.length);
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] ?? 0;
      let to = known[id];
      if (to === undefined) {
        const future = this.futures.at(id);
        to = future === undefined ? undefined : this.one(future, back);
        if (to === undefined) return undefined;
        known[id] = to;
      }
      renamed[i] = to;
    }
    return renamed;
  }

  private one({ kind, past, first, begins }: Future, back: boolean): number | undefined {
    const task = (back ? this.tasks.back : this.tasks.there).get(kind.task);
    const footprint = this.footprints.renamed(kind.footprint, back ? this.objects.back : this.objects.there);
    const renamedPast = this.mask(past, back);
    const renamedFirst = this.mask(first, back);
    if (task === undefined || footprint === undefined || renamedPast === undefined || renamedFirst === undefined) {
      return undefined;
    }
    const { futures } = this;
    return futures.of(futures.kind(task, footprint, kind.manner), renamedPast, renamedFirst, begins).id;
  }
}
