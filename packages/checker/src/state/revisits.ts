// SPDX-License-Identifier: GPL-2.0-only
import {
  watchCalls,
  type Access,
  type CallWatcher,
  type Interchangeable,
  type Machine,
  type Step,
  type Task,
} from '@libmultipath/kernel';
import type { Races } from '../races.js';
import { ASLEEP, ENABLED, WANTED, type SearchNode, type SearchPath } from '../search-node.js';
import { Names } from './fingerprint.js';
import { Folding } from './folding.js';
import { EVERYTHING, Footprints } from './footprints.js';
import { Futures, MAX_TASKS, OVER } from './futures.js';
import { Place } from './place.js';
import { Places, placesOf } from './places.js';
import { Renaming } from './renaming.js';
import { Reversals } from './reversals.js';
import { Visits } from './visits.js';
import { WholeState } from './whole-state.js';

/** `cut`: all that follows is known; `part`: only what begins with the wanted tasks is not. */
export type Revisit = 'new' | 'part' | 'cut';

const MOST_VISITS = 8_000_000;
const MOST_FUTURES = 2_000;
/** Futures of all visits together: four bytes each, so two GiB. */
const MOST_KEPT = 2 ** 29;

/**
 * States met again at any point, beside the reduction: a state that was explored is not
 * explored again, and the steps that follow from it are compared with the steps before it as
 * if they were taken. docs/decisions/0007-states-met-again.md says why nothing is lost.
 */
export class Revisits {
  hits = 0;
  private readonly names = new Names();
  private readonly state: WholeState;
  /** The state with interchangeable things in other places. */
  private others: { readonly state: WholeState; readonly renaming: Renaming }[] | undefined = undefined;
  private readonly footprints = new Footprints(
    (object) => this.state.objects.of(object),
    (object) => this.state.objects.ofAllocation(object),
    (object) => this.others?.forEach(({ renaming }) => renaming.meetObject(object)),
  );
  private readonly futures = new Futures();
  private readonly folding = new Folding(this.footprints, this.futures);
  private readonly reversals: Reversals;
  private readonly numbers = new Map<number, number>();
  private readonly places: Place[] = [];
  private readonly visits = new Visits(MOST_VISITS, MOST_KEPT);
  private watcher: CallWatcher | undefined = undefined;
  private cached: { step: Step; access: Access; also: unknown; footprint: number }[] = [];

  constructor(
    private readonly path: SearchPath,
    races: Races,
    private readonly outcome: () => unknown,
    private readonly symmetries: () => readonly (readonly Interchangeable[])[],
    private readonly forgets = true,
  ) {
    this.state = new WholeState(this.names, new Places(), forgets);
    this.reversals = new Reversals(
      path,
      this.footprints,
      this.futures,
      (depth) => this.place(depth),
      () => races.last,
    );
  }

  /**
   * Before the search, with the first machine of a program, which `run` runs in any order: meets
   * what outlives a run, so that it is not taken for something that a run has made.
   */
  prime(run: () => void): void {
    this.state.begin(0);
    watchCalls(this.state.primer);
    try {
      run();
    } finally {
      watchCalls(undefined);
    }
  }

  get size(): number {
    return this.visits.size;
  }

  /** Before a run that leaves the path at `leaves`. @param known places that exist */
  begin(leaves: number, known: number): void {
    this.state.begin(leaves);
    for (const { state } of this.others ?? []) state.begin(leaves);
    this.cached = [];
    watchCalls(undefined);
    for (let depth = this.places.length; depth < known; depth++) this.place(depth).foreign = true;
  }

  /** The step of `depth` is about to be taken. Repeated ones are booked already. */
  taking(depth: number, step: Step, task: Task, machine: Machine): void {
    const { knowledge } = this.state;
    if (depth < knowledge.booked) return;
    const place = this.place(depth);
    place.step = this.footprints.of(step);
    if (place.foreign) this.describe(place, machine);
    this.state.before(depth, step, task, machine);
    for (const { state } of this.others ?? []) state.before(depth, step, task, machine);
    watchCalls(this.watcher);
  }

  /** The step of `depth` was taken. */
  took(depth: number, task: Task, machine: Machine): void {
    const { knowledge } = this.state;
    if (depth + 1 !== knowledge.booked || !knowledge.open) return;
    watchCalls(undefined);
    this.state.after(task, machine);
    for (const { state } of this.others ?? []) state.after(task, machine);
  }

  /** A place that is new on this path. */
  enter(depth: number, machine: Machine): void {
    const place = this.place(depth);
    place.spoiled = false;
    place.foreign = false;
    // Until its state was compared it is no place to come back to.
    place.passing = true;
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
  meet(depth: number, machine: Machine): Revisit {
    const place = this.place(depth);
    const node = this.path.at(depth);
    // Where only one task can go on there is nothing to save but its next steps.
    if (place.spoiled || !hasChoice(node)) return 'new';
    const text = outcomeText(this.outcome);
    if (text === undefined) {
      place.spoiled = true;
      return 'new';
    }
    place.asleep = maskOf(place, node, ASLEEP);
    place.passing = false;
    this.fingerprint(place, node, machine, text);
    const visit = this.visits.find(place.a, place.b);
    if (visit === undefined) return 'new';
    const futures = place.renaming === undefined ? visit.futures : place.renaming.all(visit.futures, true);
    const asleep = place.renaming === undefined ? visit.asleep : place.renaming.mask(visit.asleep, true);
    if (futures === undefined || asleep === undefined) return 'new';
    this.hits++;
    for (const id of futures) place.futures.add(id);
    this.reversals.compare(depth, futures, machine.tasks);
    return this.rest(place, node, asleep);
  }

  /** Of a state that is known but for what begins with a task of `asleep`: what is left to explore. */
  private rest(place: Place, node: SearchNode, asleep: number): Revisit {
    const missing = asleep & ~place.asleep;
    node.chosen = -1;
    if (missing !== 0) {
      node.full = true;
      for (let i = 0; i < node.tasks; i++) {
        const mark = node.marks[i] ?? 0;
        if ((missing & (1 << (place.numbers[i] ?? 0))) === 0 || (mark & ENABLED) === 0) continue;
        node.marks[i] = mark | WANTED;
        if (node.chosen < 0) node.chosen = i;
      }
      place.asleep &= asleep;
    }
    place.passing = node.chosen < 0;
    return place.passing ? 'cut' : 'part';
  }

  /** All that follows from the place is explored. */
  complete(depth: number): void {
    const place = this.place(depth);
    if (place.spoiled || place.foreign || place.passing) return;
    if (place.futures.size > MOST_FUTURES) return;
    const { renaming } = place;
    const futures = Int32Array.from(place.futures);
    const renamed = renaming === undefined ? futures : renaming.all(futures, false);
    const asleep = renaming === undefined ? place.asleep : renaming.mask(place.asleep, false);
    if (renamed === undefined || asleep === undefined) return;
    this.visits.keep(place.a, place.b, asleep, renamed.sort());
  }

  /** What follows from place `depth + 1`, seen from place `depth`. */
  fold(depth: number): void {
    const place = this.place(depth);
    this.folding.fold(place, this.place(depth + 1), place.numbers[this.path.at(depth).chosen] ?? 0);
  }

  /** Of all labellings of interchangeable things, the one with the least fingerprint stands for the state. */
  private fingerprint(place: Place, node: SearchNode, machine: Machine, text: string): void {
    const { a, b } = this.state.of(machine, node.marks, text);
    place.a = a;
    place.b = b;
    place.renaming = undefined;
    for (const { state, renaming } of this.others ?? []) {
      const other = state.of(machine, node.marks, text);
      if (other.a > place.a || (other.a === place.a && other.b >= place.b)) continue;
      place.a = other.a;
      place.b = other.b;
      place.renaming = renaming;
    }
  }

  private label(): void {
    const [, ...others] = placesOf(this.symmetries());
    this.others = others.map((places) => {
      const state = new WholeState(this.names, places, this.forgets);
      return { state, renaming: new Renaming(this.state.objects, state.objects, this.footprints, this.futures) };
    });
    const all = [this.state, ...this.others.map(({ state }) => state)].map(({ knowledge }) => knowledge);
    this.watcher = {
      called: (task) => all.forEach((knowledge) => knowledge.called(task)),
      returned: (task, call, result) => all.forEach((knowledge) => knowledge.returned(task, call, result)),
      unwound: (task) => all.forEach((knowledge) => knowledge.unwound(task)),
    };
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
      const number = this.numberOf(task, this.state.taskName(task, machine));
      if (number === undefined) place.spoiled = true;
      for (const { state, renaming } of this.others ?? []) {
        const other = this.numberOf(task, state.taskName(task, machine));
        // Of one that is over there is nothing to rename.
        if (isMember(number) && isMember(other)) renaming.meetTask(number, other);
      }
      place.numbers[i] = number ?? OVER;
      place.tasks |= 1 << (number ?? OVER);
      place.pending[i] = task.pending === undefined ? -1 : this.footprintOf(i, task.pending);
    }
  }

  /** Of a step that stands for long it is the same, unless it says anew what it touches. */
  private footprintOf(index: number, step: Step): number {
    const { access, also } = step;
    const known = this.cached[index];
    if (known?.step === step && known.access === access && known.also === also) return known.footprint;
    const footprint = this.footprints.of(step);
    this.cached[index] = { step, access, also, footprint };
    return footprint;
  }

  /** undefined: there are too many tasks. */
  private numberOf({ done }: Task, name: number): number | undefined {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    if (done) return OVER;
    const number = this.numbers.size;
    if (number >= MAX_TASKS) return undefined;
    this.numbers.set(name, number);
    return number;
  }
}

/** Does a task with this number stand in sets of tasks? */
const isMember = (number: number | undefined): number is number => number !== undefined && number !== OVER;

/** Can more than one task go on? */
const hasChoice = ({ marks, tasks }: SearchNode): boolean => {
  let able = 0;
  for (let i = 0; i < tasks; i++) if (((marks[i] ?? 0) & ENABLED) !== 0) able++;
  return able > 1;
};

const maskOf = (place: Place, node: SearchNode, mark: number): number => {
  let mask = 0;
  for (let i = 0; i < node.tasks; i++) {
    if (((node.marks[i] ?? 0) & mark) !== 0) mask |= 1 << (place.numbers[i] ?? 0);
  }
  return mask;
};

const outcomeText = (outcome: () => unknown): string | undefined => {
  try {
    return JSON.stringify(outcome()) ?? '';
  } catch {
    // What is no JSON yet may be so at the end; until then states are not compared.
    return undefined;
  }
};
