// SPDX-License-Identifier: GPL-2.0-only
import type { Task } from '@libmultipath/kernel';
import { wantAll } from '../races.js';
import { ASLEEP, ENABLED, WANTED, type SearchPath } from '../search-node.js';
import type { Footprints } from './footprints.js';
import type { Future, Futures } from './futures.js';
import { PastOf } from './past-of.js';
import type { Place } from './place.js';

/** Wants the reversals of races between steps of the path and steps that follow from a state met again. */
export class Reversals {
  private readonly past: PastOf;

  constructor(
    private readonly path: SearchPath,
    private readonly footprints: Footprints,
    private readonly futures: Futures,
    private readonly place: (depth: number) => Place,
    lastOf: () => Int32Array,
  ) {
    this.past = new PastOf(path, footprints, lastOf);
  }

  /** Each later step against each step of the path, as if it were taken. @param ids futures of the state */
  compare(depth: number, ids: Int32Array, tasks: readonly Task[]): void {
    const { path, past, footprints } = this;
    const { phase } = path.at(depth);
    if (phase === depth) return;
    const place = this.place(depth);
    past.start(depth, place.numbers, place.pending, (at) => this.place(at).step, tasks);
    const byFootprint = this.byFootprint(ids);
    for (let j = depth - 1; j >= phase; j--) {
      const node = path.at(j);
      if (node.full) continue;
      const before = this.place(j);
      const who = before.numbers[node.chosen] ?? 0;
      const after = past.after(j);
      for (const [footprint, list] of byFootprint) {
        if (!footprints.conflict(footprint, before.step) || footprints.holdsBack(before.step, footprint)) continue;
        for (const future of list) {
          if (future.kind.task === who || past.between(future, j, after)) continue;
          this.reverse(j, future, before);
          if (node.full) break;
        }
        if (node.full) break;
      }
    }
  }

  private byFootprint(ids: Int32Array): ReadonlyMap<number, readonly Future[]> {
    const lists = new Map<number, Future[]>();
    for (const id of ids) {
      const future = this.futures.at(id);
      if (future === undefined) continue;
      const { footprint, manner } = future.kind;
      // It waits here already: this path was compared with it on arrival.
      if (manner === 'waits' && future.begins) continue;
      const list = lists.get(footprint);
      if (list === undefined) lists.set(footprint, [future]);
      else list.push(future);
    }
    return lists;
  }

  /** As in {@link Races}: a task that leads to schedules in which the later step comes before that of `j`. */
  private reverse(j: number, future: Future, before: Place): void {
    const node = this.path.at(j);
    let add = -1;
    for (const { index, timer, at } of this.past.initials(j)) {
      const mark = node.marks[index] ?? 0;
      const needed = this.past.needs(future.past, index, at);
      if ((mark & (WANTED | ASLEEP)) !== 0 && (needed || !timer)) return;
      if (!needed) continue;
      if ((mark & ENABLED) === 0) return;
      if (add < 0) add = index;
    }
    const free = future.first & this.past.untouchedSince(j);
    for (let i = 0; i < node.tasks; i++) {
      if ((free & (1 << (before.numbers[i] ?? 0))) === 0) continue;
      const mark = node.marks[i] ?? 0;
      if ((mark & (WANTED | ASLEEP)) !== 0 || (mark & ENABLED) === 0) return;
      add = i;
    }
    if (add < 0) wantAll(node);
    else node.marks[add] = (node.marks[add] ?? 0) | WANTED;
  }
}
