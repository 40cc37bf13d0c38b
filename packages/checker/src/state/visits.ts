// SPDX-License-Identifier: GPL-2.0-only

/** A state that was explored: all that follows from it, but for schedules that begin with a task of `asleep`. */
export interface Visit {
  readonly asleep: number;
  /** Ids of what follows, the smallest first. Shared: not to be written to. */
  readonly futures: Int32Array;
}

/** Of a slot: the two halves of the fingerprint, the tasks asleep, and where its futures stand. */
const WORDS = 4;
const [A, B, ASLEEP, FUTURES] = [0, 1, 2, 3];
const FREE = -1;

const FIRST_SLOTS = 1 << 10;
const CHUNK = 1 << 20;

/**
 * The states that a search keeps, by their fingerprints of two times 32 bits, and for each what follows. Numbers in
 * large arrays: objects for millions of states would be what the garbage collector spends its time on. What follows
 * is kept once for all states of which it is the same.
 */
export class Visits {
  size = 0;
  /** Futures kept, all states together: four bytes each. */
  kept = 0;
  private slots = emptySlots(FIRST_SLOTS);
  private count = FIRST_SLOTS;
  /** Each list after its length; a list does not go over the end of a chunk. */
  private readonly chunks: Int32Array[] = [];
  private used = CHUNK;
  /** Where lists stand, by a hash over them. */
  private readonly lists = new Map<number, number>();

  constructor(
    private readonly most: number,
    private readonly mostFutures: number,
  ) {}

  find(a: number, b: number): Visit | undefined {
    const at = this.slotOf(a, b);
    if (this.slots[at + FUTURES] === FREE) return undefined;
    return { asleep: this.slots[at + ASLEEP] ?? 0, futures: this.listAt(this.slots[at + FUTURES] ?? 0) };
  }

  /**
   * Keeps a state, again where it is known. Without effect when there is no room.
   * @param futures sorted, fewer than a chunk holds
   */
  keep(a: number, b: number, asleep: number, futures: Int32Array): void {
    if (this.size >= this.most) return;
    const where = this.place(futures);
    if (where === undefined) return;
    if (this.size * 2 >= this.count) this.grow();
    const at = this.slotOf(a, b);
    if (this.slots[at + FUTURES] === FREE) this.size++;
    this.slots[at + A] = a;
    this.slots[at + B] = b;
    this.slots[at + ASLEEP] = asleep;
    this.slots[at + FUTURES] = where;
  }

  /** First word of the slot that has the fingerprint, or is free for it. */
  private slotOf(a: number, b: number): number {
    const { slots, count } = this;
    // At least half of the slots are free.
    for (let n = (a ^ Math.imul(b, 0x9e3779b1)) & (count - 1); ; n = (n + 1) & (count - 1)) {
      const at = n * WORDS;
      if (slots[at + FUTURES] === FREE || (slots[at + A] === (a | 0) && slots[at + B] === (b | 0))) return at;
    }
  }

  private grow(): void {
    const { slots, count } = this;
    this.count = count * 2;
    this.slots = emptySlots(this.count);
    for (let at = 0; at < count * WORDS; at += WORDS) {
      if (slots[at + FUTURES] === FREE) continue;
      this.slots.set(slots.subarray(at, at + WORDS), this.slotOf(slots[at + A] ?? 0, slots[at + B] ?? 0));
    }
  }

  /** Where the list stands; undefined: there is no room for it. */
  private place(futures: Int32Array): number | undefined {
    const hash = hashOf(futures);
    const known = this.lists.get(hash);
    if (known !== undefined && same(this.listAt(known), futures)) return known;
    const { length } = futures;
    if (this.kept + length > this.mostFutures) return undefined;
    if (this.used + length + 1 > CHUNK) {
      this.chunks.push(new Int32Array(CHUNK));
      this.used = 0;
    }
    const where = (this.chunks.length - 1) * CHUNK + this.used;
    const chunk = this.chunks[this.chunks.length - 1];
    chunk?.set([length], this.used);
    chunk?.set(futures, this.used + 1);
    this.used += length + 1;
    this.kept += length;
    this.lists.set(hash, where);
    return where;
  }

  private listAt(where: number): Int32Array {
    const chunk = this.chunks[Math.floor(where / CHUNK)];
    const at = where % CHUNK;
    const length = chunk?.[at] ?? 0;
    return chunk?.subarray(at + 1, at + 1 + length) ?? new Int32Array(0);
  }
}

const emptySlots = (count: number): Int32Array => new Int32Array(count * WORDS).fill(FREE);

/** Of 30 bits, a small integer; what has one hash is compared. */
const hashOf = (list: Int32Array): number => {
  let hash = list.length;
  for (let i = 0; i < list.length; i++) {
    hash = Math.imul(hash ^ (list[i] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash >>> 2;
};

const same = (a: Int32Array, b: Int32Array): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};
