// SPDX-License-Identifier: GPL-2.0-only

/** A running hash of 64 bits over a stream of numbers and strings. */
export class StateHash {
  private low = 0x811c9dc5;
  private high = 0x1b873593;

  /** @param n an integer of 32 bits */
  integer(n: number): void {
    this.low = Math.imul(this.low ^ n, 0x01000193) ^ (this.high >>> 15);
    this.high = Math.imul(this.high ^ n, 0x85ebca6b) ^ (this.low >>> 13);
  }

  text(s: string): void {
    this.integer(s.length);
    for (let i = 0; i < s.length; i++) this.integer(s.charCodeAt(i));
  }

  /** A text that comes again and again: it counts as one number of 64 bits. */
  name(s: string): void {
    const known = texts.get(s) ?? hashOf(s);
    this.integer(known.low);
    this.integer(known.high);
  }

  /** 16 hexadecimal digits. */
  value(): string {
    const mixed = Math.imul(this.low ^ (this.low >>> 16), 0xc2b2ae35);
    const other = Math.imul(this.high ^ (this.high >>> 16) ^ mixed, 0x27d4eb2f);
    return hex(mixed ^ (other >>> 16)) + hex(other ^ (mixed >>> 15));
  }
}

interface TextHash {
  readonly low: number;
  readonly high: number;
}

/** The names of fields, kinds and functions come again in every state: each is hashed once. */
const texts = new Map<string, TextHash>();
/** Texts that are kept; a program may make up others without end. */
const MOST_TEXTS = 20_000;

const hashOf = (s: string): TextHash => {
  let [low, high] = [0x811c9dc5 ^ s.length, 0x1b873593];
  for (let i = 0; i < s.length; i++) {
    const n = s.charCodeAt(i);
    low = Math.imul(low ^ n, 0x01000193) ^ (high >>> 15);
    high = Math.imul(high ^ n, 0x85ebca6b) ^ (low >>> 13);
  }
  const hash = { low, high };
  if (texts.size < MOST_TEXTS) texts.set(s, hash);
  return hash;
};

const hex = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');
