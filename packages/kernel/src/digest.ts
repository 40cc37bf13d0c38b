// SPDX-License-Identifier: GPL-2.0-only
import { withCurrent } from './current.js';
import { machine_clock, type Machine } from './machine.js';
import { Allocation, KObject } from './object.js';
import { StateHash } from './state-hash.js';
import { Task } from './task.js';
import { Unordered } from './unordered.js';
import { work_struct } from './workqueue/work.js';

/** Tags that keep values of different kinds apart. */
const enum Tag {
  Undefined = 1,
  Null,
  Boolean,
  Integer,
  Number,
  Text,
  Other,
  Function,
  Task,
  Clock,
  Seen,
  Object,
  List,
  Unordered,
  Sorted,
  End,
}

const isInteger = (n: number): boolean => (n | 0) === n && !Object.is(n, -0);

/**
 * Walks what is reachable, numbers objects in the order in which it meets them, and
 * hashes what it sees: labels, allocation order and names of lanes play no part.
 */
class Walk {
  private hash = new StateHash();
  private readonly numbers = new Map<object, number>();
  /** Objects numbered since a trial began, to be forgotten after it. */
  private trial: object[] | undefined = undefined;

  constructor(private readonly clock: machine_clock) {}

  value(): string {
    return this.hash.value();
  }

  visit(value: unknown): void {
    switch (typeof value) {
      case 'undefined':
        return this.tag(Tag.Undefined);
      case 'boolean':
        return this.tag(Tag.Boolean, value ? 1 : 0);
      case 'number':
        return isInteger(value) ? this.tag(Tag.Integer, value) : this.named(Tag.Number, String(value));
      case 'string':
        return this.named(Tag.Text, value);
      case 'function':
        return this.named(Tag.Function, value.name);
      case 'object':
        return value === null ? this.tag(Tag.Null) : this.object(value);
      default:
        return this.named(Tag.Other, String(value));
    }
  }

  /** A task as others refer to it: a lane by what it serves. */
  task(task: Task): void {
    this.tag(Tag.Task);
    if (task.subject === undefined) this.hash.name(task.name);
    else this.visit(task.subject);
  }

  /** Visits each item in an order that does not depend on how the collection was filled. */
  unordered<T>(items: readonly T[], visitItem: (item: T) => void): void {
    this.tag(Tag.Unordered, items.length);
    if (items.length < 2) return items.forEach(visitItem);
    const keyed = items.map((item) => ({
      item,
      key: this.trialOf(() => {
        visitItem(item);
      }),
    }));
    keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    for (const { item } of keyed) visitItem(item);
  }

  /** Hash of what a visit would add, without any trace of it. */
  private trialOf(visit: () => void): string {
    const { hash, trial } = this;
    this.hash = new StateHash();
    this.trial = [];
    visit();
    const key = this.hash.value();
    for (const object of this.trial) this.numbers.delete(object);
    this.hash = hash;
    this.trial = trial;
    return key;
  }

  private tag(tag: Tag, n = 0): void {
    this.hash.integer(tag);
    this.hash.integer(n);
  }

  private named(tag: Tag, text: string): void {
    this.hash.integer(tag);
    this.hash.name(text);
  }

  private object(object: object): void {
    if (object instanceof Task) return this.task(object);
    if (object instanceof machine_clock) return this.tag(Tag.Clock);
    if (object instanceof Allocation) return this.tag(Tag.Other, object.freed ? 1 : 0);
    const number = this.numbers.get(object);
    if (number !== undefined) return this.tag(Tag.Seen, number);
    this.numbers.set(object, this.numbers.size);
    this.trial?.push(object);
    if (Array.isArray(object)) {
      this.tag(Tag.List, object.length);
      for (const item of object) this.visit(item);
    } else if (object instanceof Set || object instanceof Unordered)
      this.unordered([...object], (item: unknown) => {
        this.visit(item);
      });
    else if (object instanceof Map) this.map(object);
    else this.fields(object);
  }

  private map(map: ReadonlyMap<unknown, unknown>): void {
    const entries = [...map];
    const pair = ([key, value]: readonly [unknown, unknown]): void => {
      this.visit(key);
      this.visit(value);
    };
    if (entries.some(([key]) => typeof key === 'object' || typeof key === 'function')) {
      this.unordered(entries, pair);
      return;
    }
    this.tag(Tag.Sorted, entries.length);
    const sorted = entries.map((entry) => ({ entry, key: `${typeof entry[0]} ${String(entry[0])}` }));
    sorted.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    for (const { entry } of sorted) pair(entry);
  }

  private fields(object: object): void {
    this.named(Tag.Object, object.constructor?.name ?? '');
    if (object instanceof KObject) {
      this.visit(object.alloc.freed);
      const expires = this.clock.armed.get(object);
      this.visit(expires === undefined ? undefined : expires - this.clock.jiffies);
    }
    for (const key of fieldsOf(object)) {
      this.hash.name(key);
      this.visit(Reflect.get(object, key));
    }
    this.tag(Tag.End);
  }
}

interface KnownFields {
  /** As they stand in the object. */
  readonly keys: readonly string[];
  /** Those that are part of the state, in order. */
  readonly sorted: readonly string[];
}

/** Objects of one class have the same fields as a rule: sorted once for all of them. */
const known = new WeakMap<object, KnownFields>();

const fieldsOf = (object: object): readonly string[] => {
  const keys = Object.keys(object);
  const kind: unknown = object.constructor;
  const before = typeof kind === 'function' ? known.get(kind) : undefined;
  if (before?.keys.length === keys.length && before.keys.every((key, at) => key === keys[at])) return before.sorted;
  const sorted = keys.filter((key) => key !== 'alloc').sort();
  if (typeof kind === 'function') known.set(kind, { keys, sorted });
  return sorted;
};

/** A lane with nothing to do and nothing in sight: whether it was ever started is no state. */
const isAsleep = (task: Task): boolean =>
  task.subject !== undefined &&
  !task.busy &&
  !task.done &&
  !task.runnable &&
  !(task.subject instanceof work_struct && task.subject.pending);

const isAtRest = (task: Task): boolean =>
  task.done || (task.pending === undefined ? task.service : task.pending.rest !== undefined);

/**
 * Canonical digest of the machine's state at a rest point: everything reachable from the
 * globals, the clock (expiries relative to now), the live tasks, and `extra`. Equal states
 * have equal digests whatever the order of allocation; 64 bits, so different states
 * differ but for chance.
 * @returns undefined when a live task waits outside a declared rest point
 */
export const stateDigest = (machine: Machine, extra?: unknown): string | undefined => {
  if (!machine.tasks.every(isAtRest)) return undefined;
  return withCurrent(machine, undefined, () => {
    const walk = new Walk(machine.clock);
    walk.visit(machine.globals);
    walk.visit(extra);
    const own = machine.tasks.filter((task) => task.subject === undefined);
    own.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const task of own) visitTask(walk, task);
    const lanes = machine.tasks.filter((task) => task.subject !== undefined && !isAsleep(task));
    walk.unordered(lanes, (task) => {
      visitTask(walk, task);
    });
    walk.unordered([...machine.clock.armed.keys()], (timer) => {
      walk.visit(timer);
    });
    return walk.value();
  });
};

const visitTask = (walk: Walk, task: Task): void => {
  walk.task(task);
  walk.visit(task.killed);
  walk.visit(task.done);
  if (task.done) return;
  const { pending } = task;
  walk.visit([task.cpu, task.busy, task.atomicDepth, task.held, task.bio_list, task.stack()]);
  if (pending === undefined) return;
  walk.visit([
    pending.fn === task.name ? '' : pending.fn,
    pending.op,
    pending.object,
    pending.field,
    pending.nth,
    pending.rest,
  ]);
};
