// SPDX-License-Identifier: GPL-2.0-only
import { KObject, Machine, Task } from '@libmultipath/kernel';
import { Fingerprint, type Names } from './fingerprint.js';
import type { ObjectNames } from './object-names.js';

const NULL = 3;
const UNDEFINED = 4;
const TRUE = 5;
const FALSE = 6;
const SMALL = 1 << 27;

/** Plain objects inside each other beyond this are told by their depth alone. */
const MOST_DEPTH = 24;

const LIST = 0x11;
const PLAIN = 0x12;
const AGAIN = 0x13;
const UNORDERED = 0x14;

/** The run in which something was met first, and its name. */
interface Met {
  readonly run: number;
  readonly name: number;
}

/** What points around the structure and is no field of it. */
const isOwn = (key: string): boolean => key !== 'alloc' && key !== 'container';

/** An order that is no state: told as a sum over its items. */
const isUnordered = (value: object): value is Iterable<unknown> => Symbol.iterator in value;

/**
 * Adds what a field holds to a fingerprint: pointers by the names of what they lead to,
 * lists and plain objects with all that is in them, collections whatever their order.
 */
export class Contents {
  /** Functions, with the run in which each was met first. */
  private readonly functions = new WeakMap<object, Met>();
  /** Plain objects that outlive a run hold no state of it: the run in which each was met first, and its name. */
  private readonly constants = new WeakMap<object, Met>();
  private readonly shapes = new Map<unknown, readonly string[]>();
  private readonly inner: Fingerprint[] = [];
  private readonly seen = new Map<object, number>();
  private run = 0;
  /** Set before, still true after: nothing was added that may hold more than can be seen. */
  telling = true;

  constructor(
    private readonly names: Names,
    private readonly objects: ObjectNames,
    private readonly taskName: (task: Task) => number,
  ) {}

  /** Before each run. */
  begin(): void {
    this.run++;
  }

  /** A number that stands for a value without parts; undefined: it has parts. */
  scalar(value: unknown): number | undefined {
    switch (typeof value) {
      case 'number':
        return (value | 0) === value && value < SMALL && value > -SMALL && !Object.is(value, -0)
          ? value * 8
          : this.names.of(`number ${String(value)}`) * 8 + 2;
      case 'undefined':
        return UNDEFINED;
      case 'boolean':
        return value ? TRUE : FALSE;
      case 'string':
        return this.names.of(`text ${value}`) * 8 + 2;
      case 'function':
        return this.functionName(value) * 8 + 2;
      case 'object':
        if (value === null) return NULL;
        if (value instanceof KObject) return this.objects.of(value) * 8 + 1;
        return value instanceof Task ? this.taskName(value) * 8 + 7 : undefined;
      default:
        return this.names.of(`${typeof value} ${String(value)}`) * 8 + 2;
    }
  }

  /** Adds a value with all its parts. */
  add(value: unknown, into: Fingerprint): void {
    const scalar = this.scalar(value);
    if (scalar !== undefined) {
      into.add(scalar);
      return;
    }
    this.seen.clear();
    this.parts(value, into, 0, true);
  }

  /** Adds what a function may have changed that it was given: plain objects; memory is told elsewhere. */
  addPlain(value: unknown, into: Fingerprint): void {
    if (this.scalar(value) === undefined) this.add(value, into);
  }

  /** Adds all fields of the object, but not of what is embedded in it. */
  addFields(object: KObject, into: Fingerprint): void {
    const keys = Object.keys(object);
    const kind = object.constructor;
    let shape = this.shapes.get(kind);
    if (shape === undefined) this.shapes.set(kind, (shape = keys));
    let usual = keys.length === shape.length;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] ?? '';
      usual &&= key === shape[i];
      if (!isOwn(key)) continue;
      if (!usual) into.add(this.names.of(key));
      this.add(Reflect.get(object, key), into);
    }
  }

  /** @param ordered what is met is numbered in the order of meeting */
  private parts(value: unknown, into: Fingerprint, depth: number, ordered: boolean): void {
    const scalar = this.scalar(value);
    if (scalar !== undefined) {
      into.add(scalar);
      return;
    }
    if (typeof value !== 'object' || value === null || value instanceof Machine || depth > MOST_DEPTH) {
      into.add(PLAIN).add(depth);
      return;
    }
    const constant = this.constants.get(value);
    if (constant !== undefined && constant.run !== this.run) {
      into.add(PLAIN).add(constant.name);
      return;
    }
    if (constant === undefined) this.constants.set(value, { run: this.run, name: this.names.next() });
    const again = this.seen.get(value);
    if (again !== undefined) {
      into.add(AGAIN).add(again);
      return;
    }
    if (ordered) this.seen.set(value, this.seen.size);
    if (Array.isArray(value)) {
      into.add(LIST).add(value.length);
      for (const item of value) this.parts(item, into, depth + 1, ordered);
    } else if (isUnordered(value)) this.items(value, into, depth);
    else {
      const keys = Object.keys(value);
      into.add(PLAIN).add(keys.length);
      for (const key of keys) {
        into.add(this.names.of(key));
        this.parts(Reflect.get(value, key), into, depth + 1, ordered);
      }
    }
  }

  private items(collection: Iterable<unknown>, into: Fingerprint, depth: number): void {
    const fp = (this.inner[depth] ??= new Fingerprint());
    let [a, b, count] = [0, 0, 0];
    for (const item of collection) {
      fp.start(0, 0);
      // A map's entry is a pair.
      if (collection instanceof Map && Array.isArray(item))
        for (const half of item) this.parts(half, fp, depth + 1, false);
      else this.parts(item, fp, depth + 1, false);
      fp.finish();
      a = (a + fp.a) | 0;
      b = (b + fp.b) | 0;
      count++;
    }
    into.add(UNORDERED).add(count).add(a).add(b);
  }

  /** A function made in this run may close over what nobody can see. */
  private functionName(value: object): number {
    let known = this.functions.get(value);
    if (known === undefined) {
      const text: unknown = Reflect.get(value, 'name');
      known = { run: this.run, name: this.names.of(`function ${String(text)}`) };
      this.functions.set(value, known);
    }
    if (known.run === this.run) this.telling = false;
    return known.name;
  }
}
