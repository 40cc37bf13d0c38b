// SPDX-License-Identifier: GPL-2.0-only
import {
  commutes,
  keepsOut,
  KObject,
  overlaps,
  setAlike,
  WHOLE,
  type Access,
  type Step,
  type Touch,
} from '@libmultipath/kernel';

/** One field, by names that mean the same in every run. */
interface NamedTouch {
  readonly object: number;
  readonly allocation: number;
  readonly field: string;
  readonly access: Access;
  /** Name of the object, or text of the value, that a write leaves there. */
  readonly sets: number | string | undefined;
}

/** The same relation as the kernel's `conflicts`, over names. */
const clash = (a: NamedTouch, b: NamedTouch): boolean => {
  if (a.object === b.object && overlaps(a.field, b.field)) return !commutes(a.access, b.access) && !setAlike(a, b);
  return (a.field === WHOLE || b.field === WHOLE) && a.allocation === b.allocation;
};

/** The same relation as the kernel's `holdsBack`: who awaits or takes is waiting. */
const bars = (a: NamedTouch, b: NamedTouch): boolean =>
  keepsOut(a.access, b.access) && a.object === b.object && overlaps(a.field, b.field);

const keyOf = (object: number, field: string, access: Access, sets: number | string | undefined): string =>
  `${String(object)} ${field} ${access}${sets === undefined ? '' : `=${String(sets)}`}`;

/** Number of the footprint of a step that conflicts with every other: a settle point. */
export const EVERYTHING = 0;

/** Numbers for what steps touch, the same for the same fields in every run, and which of them conflict. */
export class Footprints {
  private readonly byKey = new Map<string, number>();
  private readonly touches: (readonly NamedTouch[])[] = [[]];
  /** For each footprint a row: 0 not asked yet, 1 no conflict, 2 conflict. */
  private readonly rows: Uint8Array[] = [new Uint8Array(64)];

  constructor(
    private readonly nameOf: (object: KObject) => number,
    private readonly nameOfMemory: (object: KObject) => number,
    /** Told about each object of a footprint that is new. */
    private readonly meet: (object: KObject) => void,
  ) {}

  of(step: Step): number {
    if (step.barrier) return EVERYTHING;
    const { also } = step;
    let key = this.keyOf(step);
    for (const touch of also ?? []) key += `,${this.keyOf(touch)}`;
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const touched = [step, ...(also ?? [])];
    for (const { object, sets } of touched) {
      this.meet(object);
      if (sets instanceof KObject) this.meet(sets);
    }
    return this.enter(
      key,
      touched.map((touch) => ({
        object: this.nameOf(touch.object),
        allocation: this.nameOfMemory(touch.object),
        field: touch.field,
        access: touch.access,
        sets: this.valueOf(touch),
      })),
    );
  }

  /** The footprint with other objects in place of its own; undefined: one has no counterpart. */
  renamed(footprint: number, names: ReadonlyMap<number, number>): number | undefined {
    if (footprint === EVERYTHING) return EVERYTHING;
    const touched: NamedTouch[] = [];
    for (const { object, allocation, field, access, sets } of this.touches[footprint] ?? []) {
      const name = names.get(object);
      const memory = names.get(allocation);
      const value = typeof sets === 'number' ? names.get(sets) : sets;
      if (name === undefined || memory === undefined || (typeof sets === 'number' && value === undefined)) {
        return undefined;
      }
      touched.push({ object: name, allocation: memory, field, access, sets: value });
    }
    const key = touched.map(({ object, field, access, sets }) => keyOf(object, field, access, sets)).join(',');
    return this.byKey.get(key) ?? this.enter(key, touched);
  }

  private keyOf(touch: Touch): string {
    return keyOf(this.nameOf(touch.object), touch.field, touch.access, this.valueOf(touch));
  }

  private valueOf({ sets }: Touch): number | string | undefined {
    if (sets === undefined) return undefined;
    return sets instanceof KObject ? this.nameOf(sets) : `${typeof sets} ${String(sets)}`;
  }

  private enter(key: string, touched: readonly NamedTouch[]): number {
    const number = this.touches.length;
    this.byKey.set(key, number);
    this.touches.push(touched);
    this.rows.push(new Uint8Array(64));
    return number;
  }

  conflict(a: number, b: number): boolean {
    if (a === EVERYTHING || b === EVERYTHING) return true;
    let row = this.rows[a];
    if (row === undefined) return true;
    if (b >= row.length) {
      const wider = new Uint8Array(Math.max(row.length * 2, b + 1));
      wider.set(row);
      this.rows[a] = wider;
      row = wider;
    }
    const known = row[b];
    if (known !== 0) return known === 2;
    const found = this.some(a, b, clash);
    row[b] = found ? 2 : 1;
    return found;
  }

  /** Can what leaves `later` no way before `earlier`, which conflicts with it? */
  holdsBack(earlier: number, later: number): boolean {
    return earlier !== EVERYTHING && later !== EVERYTHING && this.some(earlier, later, bars);
  }

  private some(a: number, b: number, relation: (a: NamedTouch, b: NamedTouch) => boolean): boolean {
    const others = this.touches[b] ?? [];
    return (this.touches[a] ?? []).some((touch) => others.some((other) => relation(touch, other)));
  }
}
