// SPDX-License-Identifier: GPL-2.0-only
import type { Interchangeable, Machine, Step, Task } from '@libmultipath/kernel';
import { wantAll, type Races } from '../races.js';
import { ASLEEP, ENABLED, WANTED, type SearchNode, type SearchPath } from '../search-node.js';
import { EVERYTHING, Footprints } from './footprints.js';
import { Futures, MAX_TASKS, type Future } from './futures.js';
import { Names } from './fingerprint.js';
import { PastOf } from './past-of.js';
import { Places, placesOf } from './places.js';
import { Renaming } from './renaming.js';
import { RunningState } from './running-state.js';

/** What is kept of one place of the path, beside its {@link SearchNode}. */
class Place {
  /** Fingerprint of the state. */
  a = 0;
  b = 0;
  /** It cannot be compared or kept: something has no name, or there are too many tasks. */
  spoiled = false;
  /** It was there before this search began. */
  foreign = false;
  /** What follows was known already. */
  known = false;
  /** Tasks asleep on arrival. */
  asleep = 0;
  /** Tasks that exist. */
  tasks = 0;
  /** How the state is labelled where its fingerprint is least; undefined: as it is. */
  renaming: Renaming | undefined = undefined;
  /** Footprint of the step taken from here. */
  step = EVERYTHING;
  /** By position in the machine's list: number of the task, footprint of the step it stands before (-1: none). */
  readonly numbers: number[] = [];
  readonly pending: number[] = [];
  /** What follows, by {@link Future.id}. */
  readonly futures = new Set<number>();
}

/** A state that was explored: all that follows from it, but for schedules that begin with a task of `asleep`. */
interface Visit {
  readonly b: number;
  readonly asleep: number;
  readonly futures: Int32Array;
}

/** `cut`: all that follows is known; `part`: only what begins with the wanted tasks is not. */
export type Revisit = 'new' | 'part' | 'cut';

const MOST_VISITS = 500_000;
const MOST_FUTURES = 2_000;

/**
 * States met again at any point, beside the reduction: a state that was explored is not
 * explored again, and the steps that follow from it are compared with the steps before it as
 * if they were taken. docs/decisions/0007-states-met-again.md says why nothing is lost.
 */
export class Revisits {
  hits = 0;
  private readonly names = new Names();
  private readonly state = new RunningState(this.names, new Places());
  /** The state with interchangeable things in other places. */
  private others: { readonly state: RunningState; readonly renaming: Renaming }[] | undefined = undefined;
  private readonly footprints = new Footprints(
    (object) => this.state.objectNames.of(object),
    ({ alloc }) => this.state.objectNames.ofAllocation(alloc),
    (object) => this.others?.forEach(({ renaming }) => renaming.meetObject(object)),
  );
  private readonly futures = new Futures();
  private readonly numbers = new Map<number, number>();
  private readonly places: Place[] = [];
  private readonly visits = new Map<number, Visit>();
  private readonly past: PastOf;
  private cached: { step: Step; also: unknown; footprint: number }[] = [];

  constructor(
    private readonly path: SearchPath,
    races: Races,
    private readonly outcome: () => unknown,
    private readonly symmetries: () => readonly (readonly Interchangeable[])[],
  ) {
    this.past = new PastOf(path, this.footprints, () => races.last);
  }

  get size(): number {
    return this.visits.size;
  }

  /** Before a run that leaves the path at `leaves`. @param known places that exist */
  begin(leaves: number, known: number): void {
    this.state.rewind(leaves);
    for (const { state } of this.others ?? []) state.rewind(leaves);
    this.cached = [];
    for (let depth = this.places.length; depth < known; depth++) this.place(depth).foreign = true;
  }

  /** The step of `depth` is about to be taken. Repeated ones are booked already. */
  taking(depth: number, step: Step, task: Task, machine: Machine): void {
    if (depth < this.state.booked) return;
    const place = this.place(depth);
    const footprint = this.footprints.of(step);
    if (footprint === undefined) place.spoiled = true;
    place.step = footprint ?? EVERYTHING;
    if (place.foreign) this.describe(place, machine);
    this.state.before(depth, step, task, machine);
    for (const { state } of this.others ?? []) state.before(depth, step, task, machine);
  }

  /** The step of `depth` was taken. */
  took(depth: number, step: Step, task: Task): void {
    if (depth + 1 !== this.state.booked || !this.state.open) return;
    this.state.after(step, task);
    for (const { state } of this.others ?? []) state.after(step, task);
  }

  /** A place that is new on this path. */
  enter(depth: number, machine: Machine): void {
    const place = this.place(depth);
    place.spoiled = false;
    place.foreign = false;
    // Until its state was compared it is no place to come back to.
    place.known = true;
    place.futures.clear();
    this.describe(place, machine);
    const { tasks } = machine;
    for (let i = 0; i < tasks.length; i++) {
      const pending = tasks[i]?.pending;
      if (pending?.enabled === undefined || pending.barrier || place.spoiled) continue;
      // A step that waits races with what makes it wait, whether it is taken or not.
      place.futures.add(this.futures.next(place.numbers[i] ?? 0, place.pending[i] ?? EVERYTHING, 'waits').id);
    }
  }

  /** Was the state explored before? Then what follows is compared with the path. */
  meet(depth: number, tasks: readonly Task[]): Revisit {
    const place = this.place(depth);
    const node = this.path.at(depth);
    place.asleep = this.maskOf(place, node, ASLEEP);
    if (place.spoiled || !this.state.told) {
      place.spoiled = true;
      return 'new';
    }
    const text = outcomeText(this.outcome);
    if (text === undefined) {
      place.spoiled = true;
      return 'new';
    }
    place.known = false;
    this.fingerprint(place, text);
    const visit = this.visits.get(place.a);
    if (visit === undefined || visit.b !== place.b) return 'new';
    const futures = place.renaming === undefined ? visit.futures : place.renaming.all(visit.futures, true);
    const asleep = place.renaming === undefined ? visit.asleep : place.renaming.mask(visit.asleep, true);
    if (futures === undefined || asleep === undefined) return 'new';
    this.hits++;
    for (const id of futures) place.futures.add(id);
    this.compare(depth, futures, tasks);
    const missing = asleep & ~place.asleep;
    if (missing === 0) {
      place.known = true;
      return 'cut';
    }
    node.full = true;
    let wanted = 0;
    node.chosen = -1;
    for (let i = 0; i < node.tasks; i++) {
      const mark = node.marks[i] ?? 0;
      if ((missing & (1 << (place.numbers[i] ?? 0))) === 0 || (mark & ENABLED) === 0) continue;
      node.marks[i] = mark | WANTED;
      if (wanted++ === 0) node.chosen = i;
    }
    place.asleep &= asleep;
    place.known = wanted === 0;
    return place.known ? 'cut' : 'part';
  }

  /** All that follows from the place is explored. */
  complete(depth: number): void {
    const place = this.place(depth);
    if (place.spoiled || place.foreign || place.known || this.visits.size >= MOST_VISITS) return;
    if (place.futures.size > MOST_FUTURES) return;
    const { renaming } = place;
    const futures = Int32Array.from(place.futures);
    const renamed = renaming === undefined ? futures : renaming.all(futures, false);
    const asleep = renaming === undefined ? place.asleep : renaming.mask(place.asleep, false);
    if (renamed === undefined || asleep === undefined) return;
    this.visits.set(place.a, { b: place.b, asleep, futures: renamed });
  }

  /** Of all labellings of interchangeable things, the one with the least fingerprint stands for the state. */
  private fingerprint(place: Place, text: string): void {
    const { a, b } = this.state.hashOf(text);
    place.a = a;
    place.b = b;
    place.renaming = undefined;
    for (const { state, renaming } of this.others ?? []) {
      if (!state.told) continue;
      const other = state.hashOf(text);
      if (other.a > place.a || (other.a === place.a && other.b >= place.b)) continue;
      place.a = other.a;
      place.b = other.b;
      place.renaming = renaming;
    }
  }

  private label(): void {
    const [, ...others] = placesOf(this.symmetries());
    this.others = others.map((places) => {
      const state = new RunningState(this.names, places);
      return {
        state,
        renaming: new Renaming(this.state.objectNames, state.objectNames, this.footprints, this.futures),
      };
    });
  }

  /** What follows from place `depth + 1`, seen from place `depth`: after one step more. */
  fold(depth: number): void {
    const place = this.place(depth);
    const child = this.place(depth + 1);
    // After a settle point everything comes after everything before it.
    if (place.step === EVERYTHING) return;
    if (child.spoiled || place.spoiled) {
      place.spoiled = true;
      return;
    }
    const who = place.numbers[this.path.at(depth).chosen] ?? 0;
    const bit = 1 << who;
    const { footprints, futures } = this;
    place.futures.add(futures.next(who, place.step, 'taken').id);
    const born = child.tasks & ~place.tasks;
    let later = born | bit;
    for (let i = 0; i < child.pending.length; i++) {
      const pending = child.pending[i] ?? -1;
      if (pending >= 0 && footprints.conflict(pending, place.step)) later |= 1 << (child.numbers[i] ?? 0);
    }
    for (const id of child.futures) {
      const future = futures.at(id);
      if (future !== undefined) this.foldOne(place, future, who, later, born);
    }
  }

  /** @param later tasks whose first step there comes after the step of `who` */
  private foldOne(place: Place, future: Future, who: number, later: number, born: number): void {
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

  private place(depth: number): Place {
    return (this.places[depth] ??= new Place());
  }

  private describe(place: Place, machine: Machine): void {
    const { tasks } = machine;
    if (this.others === undefined) this.label();
    place.numbers.length = tasks.length;
    place.pending.length = tasks.length;
    place.tasks = 0;
    for (let i = 0; i < tasks.length; i++) {
      const task = tasks[i];
      if (task === undefined) continue;
      const number = this.numberOf(this.state.taskName(task, machine));
      if (number >= MAX_TASKS) place.spoiled = true;
      for (const { state, renaming } of this.others ?? []) {
        renaming.meetTask(number, this.numberOf(state.taskName(task, machine)));
      }
      place.numbers[i] = number;
      place.tasks |= 1 << number;
      const footprint = task.pending === undefined ? -1 : this.footprintOf(i, task.pending);
      if (footprint === undefined) place.spoiled = true;
      place.pending[i] = footprint ?? EVERYTHING;
    }
  }

  /** Of a step that stands for long it is the same, unless it says anew what it touches. */
  private footprintOf(index: number, step: Step): number | undefined {
    const { also } = step;
    const known = this.cached[index];
    if (known !== undefined && known.step === step && known.also === also) return known.footprint;
    const footprint = this.footprints.of(step);
    if (footprint !== undefined) this.cached[index] = { step, also, footprint };
    return footprint;
  }

  private numberOf(name: number): number {
    let number = this.numbers.get(name);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(name, number);
    }
    return number;
  }

  private maskOf(place: Place, node: SearchNode, mark: number): number {
    let mask = 0;
    for (let i = 0; i < node.tasks; i++) {
      if (((node.marks[i] ?? 0) & mark) !== 0) mask |= 1 << (place.numbers[i] ?? 0);
    }
    return mask;
  }

  /** Each later step against each step of the path: wants the reversals, as if it were taken. */
  private compare(depth: number, ids: Int32Array, tasks: readonly Task[]): void {
    const { path, past, footprints } = this;
    const { phase } = path.at(depth);
    if (phase === depth) return;
    const place = this.place(depth);
    past.start(depth, place.numbers, place.pending, (at) => this.place(at).step, tasks);
    const byFootprint = new Map<number, Future[]>();
    for (const id of ids) {
      const future = this.futures.at(id);
      if (future === undefined) continue;
      const { footprint, manner } = future.kind;
      // It waits here already: this path was compared with it on arrival.
      if (manner === 'waits' && future.begins) continue;
      const list = byFootprint.get(footprint);
      if (list === undefined) byFootprint.set(footprint, [future]);
      else list.push(future);
    }
    for (let j = depth - 1; j >= phase; j--) {
      const node = path.at(j);
      if (node.full) continue;
      const before = this.place(j);
      const who = before.numbers[node.chosen] ?? 0;
      const after = past.after(j);
      for (const [footprint, list] of byFootprint) {
        if (!footprints.conflict(footprint, before.step)) continue;
        for (const future of list) {
          if (future.kind.task === who || this.past.between(future, j, after)) continue;
          this.reverse(j, future, before);
          if (node.full) break;
        }
        if (node.full) break;
      }
    }
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

const outcomeText = (outcome: () => unknown): string | undefined => {
  try {
    return JSON.stringify(outcome()) ?? '';
  } catch {
    // What is no JSON yet may be so at the end; until then states are not compared.
    return undefined;
  }
};
