// SPDX-License-Identifier: GPL-2.0-only

/**
 * A small collection without an order: a state that has it is the same whatever was added
 * first. For a handful of items, where a Set would build and rebuild its table.
 */
export class Unordered<T> {
  private readonly items: T[] = [];

  get size(): number {
    return this.items.length;
  }

  add(item: T): void {
    this.items.push(item);
  }

  delete(item: T): void {
    const at = this.items.indexOf(item);
    if (at === this.items.length - 1) this.items.pop();
    else if (at !== -1) this.items.splice(at, 1);
  }

  has(item: T): boolean {
    return this.items.includes(item);
  }

  clear(): void {
    this.items.length = 0;
  }

  values(): readonly T[] {
    return this.items;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.items[Symbol.iterator]();
  }
}
