// SPDX-License-Identifier: GPL-2.0-only
import type { KObject, Where } from './object.js';

/** How often an activation did one operation on one field of one kind of object. */
interface Counter {
  readonly op: string;
  readonly structure: unknown;
  readonly field: string;
  count: number;
}

/** Places that a table knows; one bit of a small integer each. */
const MAX_PLACES = 30;

/**
 * The places of one kernel function: which operation on which field of which kind of object.
 * All activations of the function share it, so that counting needs one bit for a place; it
 * only names places, so what it has seen before changes no count.
 */
export class Places {
  private readonly known: { readonly op: string; readonly structure: unknown; readonly field: string }[] = [];
  /** Where the last one was found: the next is likely the one after it. */
  private at = 0;

  /** Number of the place, or -1 when it came after the table was full. */
  indexOf(op: string, structure: unknown, field: string): number {
    const { known } = this;
    const { length } = known;
    for (let n = 0, i = this.at; n < length; n++) {
      if (++i >= length) i = 0;
      const place = known[i];
      if (place !== undefined && place.structure === structure && place.op === op && place.field === field) {
        this.at = i;
        return i;
      }
    }
    if (length === MAX_PLACES) return -1;
    known.push({ op, structure, field });
    this.at = length;
    return length;
  }
}

class More {
  /** How often places were met again, by number. */
  readonly again: number[] = [];
  /** Places that the table has no room for. */
  readonly others: Counter[] = [];
}

/** One activation of a kernel function. */
export class Frame {
  /** Places met once at least, a bit each. */
  private met = 0;
  /** What one bit a place cannot say; absent in most activations. */
  private more: More | undefined = undefined;

  constructor(
    readonly fn: string,
    /** Activation that this one was called from. */
    public caller?: Frame | undefined,
    private readonly places: Places = new Places(),
  ) {}

  /** Counts the steps of one operation on one target within this activation. */
  count(op: string, object: KObject, field: string): number {
    const place = this.places.indexOf(op, object.constructor, field);
    if (place === -1) return this.countOther(op, object.constructor, field);
    const bit = 1 << place;
    if ((this.met & bit) === 0) {
      this.met |= bit;
      return 0;
    }
    const { again } = (this.more ??= new More());
    const nth = (again[place] ?? 0) + 1;
    again[place] = nth;
    return nth;
  }

  private countOther(op: string, structure: unknown, field: string): number {
    const { others } = (this.more ??= new More());
    for (const counter of others) {
      if (counter.op === op && counter.field === field && counter.structure === structure) return counter.count++;
    }
    others.push({ op, structure, field, count: 1 });
    return 0;
  }
}

/** Names of the functions from the frame outwards. */
export const stackOf = (innermost: Frame | undefined): string[] => {
  const names: string[] = [];
  for (let frame = innermost; frame !== undefined; frame = frame.caller) names.push(frame.fn);
  return names;
};

/**
 * A place on a task's stack, put into words only when somebody asks: an allocation notes
 * one each time, and few are ever reported.
 */
export class Place implements Where {
  readonly #frame: Frame | undefined;

  constructor(
    readonly task: string,
    frame: Frame | undefined,
  ) {
    this.#frame = frame;
  }

  get stack(): readonly string[] {
    return stackOf(this.#frame);
  }
}

/** The place in plain data, as reports carry it. */
export const plainWhere = ({ task, stack, site }: Where): Where =>
  site === undefined ? { task, stack } : { task, stack, site };
