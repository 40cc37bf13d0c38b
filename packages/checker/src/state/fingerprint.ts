// SPDX-License-Identifier: GPL-2.0-only

/** Numbers for texts: equal texts, equal numbers. They mean something within one search only. */
export class Names {
  private readonly numbers = new Map<string, number>();
  private count = 0;

  of(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.next();
      this.numbers.set(text, number);
    }
    return number;
  }

  /** A number that no text has. */
  next(): number {
    return ++this.count;
  }
}

/** A hash of 64 bits over a stream of integers, in two halves; used again and again without allocating. */
export class Fingerprint {
  a = 0;
  b = 0;

  start(a: number, b: number): this {
    this.a = a;
    this.b = b;
    return this;
  }

  /** @param n an integer of 32 bits */
  add(n: number): this {
    let a = Math.imul(this.a ^ n, 0x9e3779b1);
    a = (a << 15) | (a >>> 17);
    this.a = Math.imul(a, 0x85ebca77) + 0x52dce729;
    let b = Math.imul(this.b ^ n, 0xc2b2ae3d);
    b = (b << 13) | (b >>> 19);
    this.b = Math.imul(b, 0x27d4eb2f) + 0x38495ab5;
    return this;
  }

  addText(text: string): this {
    for (let i = 0; i < text.length; i++) this.add(text.charCodeAt(i));
    return this.add(text.length);
  }

  /** Spreads what was added last over all bits: before the hash becomes part of a sum. */
  finish(): this {
    this.a = spread(this.a);
    this.b = spread(this.b ^ Math.imul(this.a, 0x165667b1));
    return this;
  }
}

const spread = (n: number): number => {
  let x = n;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
};
