// SPDX-License-Identifier: GPL-2.0-only
import { commutes, keepsOut, overlaps, WHOLE, type Access, type KObject, type Step } from '@libmultipath/kernel';

/** One field, by names that mean the same in every run. */
interface NamedTouch {
  readonly object: number;
  readonly allocation: number;
  readonly field: string;
  readonly access: Access;
}

/** The same relation as the kernel's `conflicts`, over names. */
const clash = (a: NamedTouch, b: NamedTouch): boolean => {
  if (a.object === b.object && overlaps(a.field, b.field)) return !commutes(a.access, b.access);
  return (a.field === WHOLE || b.field === WHOLE) && a.allocation === b.allocation;
};

/** The same relation as the kernel's `holdsBack`: who awaits or takes is waiting. */
const bars = (a: NamedTouch, b: NamedTouch): boolean =>
  keepsOut(a.access, b.access) && a.object === b.object && overlaps(a.field, b.field);

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
    const { object, field, access } = step;
    let key = `${String(this.nameOf(object))} ${field} ${access}`;
    const { also } = step;
    for (const touch of also ?? []) {
      key += `,${String(this.nameOf(touch.object))} ${touch.field} ${touch.access}`;
    }
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const touched = [{ object, field, access }, ...(also ?? [])];
    for (const touch of touched) this.meet(touch.object);
    return this.enter(
      key,
      touched.map((touch) => ({
        object: this.nameOf(touch.object),
        allocation: this.nameOfMemory(touch.object),
        field: touch.field,
        access: touch.access,
      })),
    );
  }

  /** The footprint with other objects in place of its own; undefined: one has no counterpart. */
  renamed(footprint: number, names: ReadonlyMap<number, number>): number | undefined {
    if (footprint === EVERYTHING) return EVERYTHING;
    const touched: NamedTouch[] = [];
    for (const { object, allocation, field, access } of this.touches[footprint] ?? []) {
      const name = names.get(object);
      const memory = names.get(allocation);
      if (name === undefined || memory === undefined) return undefined;
      touched.push({ object: name, allocation: memory, field, access });
    }
    const key = touched.map(({ object, field, access }) => `${String(object)} ${field} ${access}`).join(',');
    return this.byKey.get(key) ?? this.enter(key, touched);
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
