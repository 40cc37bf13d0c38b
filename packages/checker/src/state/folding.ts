// SPDX-License-Identifier: GPL-2.0-only
import { EVERYTHING, type Footprints } from './footprints.js';
import type { Future, Futures } from './futures.js';
import type { Place } from './place.js';

/** Gathers what follows from a place out of what follows from the next: after one step more. */
export class Folding {
  constructor(
    private readonly footprints: Footprints,
    private readonly futures: Futures,
  ) {}

  /** @param who number of the task that takes the step of `place` */
  fold(place: Place, child: Place, who: number): void {
    // After a settle point everything comes after everything before it.
    if (place.step === EVERYTHING) return;
    if (child.spoiled || place.spoiled) {
      place.spoiled = true;
      return;
    }
    const { footprints, futures } = this;
    place.futures.add(futures.next(who, place.step, 'taken').id);
    const born = child.tasks & ~place.tasks;
    let later = born | (1 << who);
    for (let i = 0; i < child.pending.length; i++) {
      const pending = child.pending[i] ?? -1;
      if (pending >= 0 && footprints.conflict(pending, place.step)) later |= 1 << (child.numbers[i] ?? 0);
    }
    for (const id of child.futures) {
      const future = futures.at(id);
      if (future !== undefined) this.one(place, future, who, later, born);
    }
  }

  /** @param later tasks whose first step there comes after the step of `who` */
  private one(place: Place, future: Future, who: number, later: number, born: number): void {
    const { futures } = this;
    const { kind, past, first, begins } = future;
    const bit = 1 << who;
    const touches = this.footprints.conflict(kind.footprint, place.step);
    const own = kind.task === who;
    if (kind.manner !== 'waits') {
      if ((past & later) === 0 && !touches) place.futures.add(future.id);
      else place.futures.add(futures.of(kind, past | bit, (first & ~later) | bit, begins && !own).id);
      return;
    }
    // What it waits for is no part of its past; a task that only waits has none.
    if ((past & (begins ? born | bit : later)) !== 0) {
      place.futures.add(futures.of(kind, past | bit, (first & ~later) | bit, false).id);
      return;
    }
    place.futures.add(future.id);
    if (!touches) return;
    const again = futures.kind(kind.task, kind.footprint, 'again');
    place.futures.add(futures.of(again, past | bit, (first & ~later) | bit, begins).id);
  }
}
