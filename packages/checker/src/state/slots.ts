// SPDX-License-Identifier: GPL-2.0-only
import { WHOLE } from '@libmultipath/kernel';
import type { Fingerprint } from './fingerprint.js';

/** What stands behind one field of one object. All zero: as it was at the start. */
export class Slot {
  /** Hash of what it holds, as far as steps with a known effect changed it. */
  valueA = 0;
  valueB = 0;
  /** Hash of the history of all other writes. */
  versionA = 0;
  versionB = 0;
  /** Sum over additions since: they commute. */
  addsA = 0;
  addsB = 0;
  /** Hash of what it held at first. */
  started = false;
  startA = 0;
  startB = 0;
  /** Its part of the state's fingerprint. */
  shareA = 0;
  shareB = 0;

  constructor(
    readonly id: number,
    readonly allocation: number,
    readonly whole: boolean,
  ) {}

  computeShare(fp: Fingerprint): void {
    const { valueA, valueB, versionA, versionB, addsA, addsB } = this;
    if ((valueA | valueB | versionA | versionB | addsA | addsB) === 0) {
      this.shareA = 0;
      this.shareB = 0;
      return;
    }
    fp.start(this.id, 0x3c0f).add(valueA).add(valueB).add(versionA).add(versionB).add(addsA).add(addsB).finish();
    this.shareA = fp.a;
    this.shareB = fp.b;
  }
}

/** Numbers that {@link Slots.save} keeps of a slot. */
const KEPT = 11;

/** All fields that were touched, and a log of their changes to undo. */
export class Slots {
  private readonly byObject: (Map<string, Slot> | undefined)[] = [];
  private readonly byAllocation: (Slot[] | undefined)[] = [];
  private readonly wholes: (Slot | undefined)[] = [];
  private readonly changed: Slot[] = [];
  private readonly kept: number[] = [];
  private count = 0;

  /** @param object its name @param allocation name of the memory it is in */
  at(object: number, allocation: number, field: string): Slot {
    const fields = (this.byObject[object] ??= new Map<string, Slot>());
    let slot = fields.get(field);
    if (slot === undefined) {
      slot = new Slot(++this.count, allocation, field === WHOLE);
      fields.set(field, slot);
      if (slot.whole) this.wholes[allocation] = slot;
      (this.byAllocation[allocation] ??= []).push(slot);
    }
    return slot;
  }

  /** Sum over all that was done to the memory that the slot is in. */
  sumWithin(slot: Slot): { readonly a: number; readonly b: number } {
    let a = 0;
    let b = 0;
    for (const { shareA, shareB } of this.byAllocation[slot.allocation] ?? []) {
      a = (a + shareA) | 0;
      b = (b + shareB) | 0;
    }
    return { a, b };
  }

  /** What a free left there, if anything did. */
  wholeOf(slot: Slot): Slot | undefined {
    return this.wholes[slot.allocation];
  }

  mark(): number {
    return this.changed.length;
  }

  /** Before a change. */
  save(slot: Slot): void {
    this.changed.push(slot);
    this.kept.push(
      slot.valueA,
      slot.valueB,
      slot.versionA,
      slot.versionB,
      slot.addsA,
      slot.addsB,
      Number(slot.started),
      slot.startA,
      slot.startB,
      slot.shareA,
      slot.shareB,
    );
  }

  undo(mark: number): void {
    const { changed, kept } = this;
    for (let i = changed.length - 1; i >= mark; i--) {
      const slot = changed[i];
      const at = i * KEPT;
      if (slot === undefined) continue;
      slot.valueA = kept[at] ?? 0;
      slot.valueB = kept[at + 1] ?? 0;
      slot.versionA = kept[at + 2] ?? 0;
      slot.versionB = kept[at + 3] ?? 0;
      slot.addsA = kept[at + 4] ?? 0;
      slot.addsB = kept[at + 5] ?? 0;
      slot.started = kept[at + 6] === 1;
      slot.startA = kept[at + 7] ?? 0;
      slot.startB = kept[at + 8] ?? 0;
      slot.shareA = kept[at + 9] ?? 0;
      slot.shareB = kept[at + 10] ?? 0;
    }
    changed.length = mark;
    kept.length = mark * KEPT;
  }
}
