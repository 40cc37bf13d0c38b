// SPDX-License-Identifier: GPL-2.0-only
import { MAKER, NTH_MADE, type KObject } from '@libmultipath/kernel';
import type { Names } from './fingerprint.js';
import type { Places } from './places.js';

/** A task makes fewer objects than this. */
const MANY = 2 ** 32;

/**
 * Names objects so that the same object has the same name in every schedule that leads to
 * the same state: by the task that made it and how many it had made, whatever the others
 * did; what the program made by the number of its memory and the place in it. No two
 * objects of one run have one name.
 */
export class ObjectNames {
  private named = new WeakMap<KObject, number>();
  private readonly known = new Map<number, number>();

  constructor(
    private readonly names: Names,
    private readonly places: Places,
    /** Name of the task at a position of the machine's list. */
    private readonly taskName: (index: number) => number,
  ) {}

  of(object: KObject): number {
    let name = this.named.get(object);
    if (name === undefined) {
      name = this.make(object);
      this.named.set(object, name);
    }
    return name;
  }

  /** Name of the memory that the object is in. */
  ofAllocation(object: KObject): number {
    return this.of(outermost(object));
  }

  private make(object: KObject): number {
    const maker = object[MAKER];
    if (maker === 0) {
      const within = object[NTH_MADE] - outermost(object)[NTH_MADE];
      return this.names.of(`object ${String(this.places.allocation(object.alloc.id))} ${String(within)}`);
    }
    const key = this.taskName(maker - 1) * MANY + object[NTH_MADE];
    let name = this.known.get(key);
    if (name === undefined) this.known.set(key, (name = this.names.next()));
    return name;
  }
}

const outermost = (object: KObject): KObject => {
  let outer = object;
  while (outer.container !== undefined) outer = outer.container;
  return outer;
};
