// SPDX-License-Identifier: GPL-2.0-only
import type { Allocation, KObject } from '@libmultipath/kernel';
import type { Names } from './fingerprint.js';

/**
 * Names objects so that the same object has the same name in every schedule that leads to
 * the same state: what the program made by its number; what a task made by the task, how
 * many steps the task had taken, and the number within the step; what is embedded by the
 * property that leads to it.
 */
export class ObjectNames {
  private readonly named = new WeakMap<KObject, number>();
  private readonly allocations = new WeakMap<Allocation, number>();
  /** Property under which an embedded object of a class was found last. */
  private readonly paths = new Map<unknown, string>();

  constructor(
    private readonly names: Names,
    /** Who allocated, e.g. `submit0 12` (task and steps it had taken), and the first number of that step. */
    private readonly maker: (alloc: Allocation) => string,
  ) {}

  /** undefined: it is embedded in a way that no property shows. */
  of(object: KObject): number | undefined {
    const known = this.named.get(object);
    if (known !== undefined) return known;
    const { container } = object;
    let name: number | undefined;
    if (container === undefined) name = this.ofAllocation(object.alloc);
    else {
      const outer = this.of(container);
      const path = this.pathTo(object, container);
      if (outer !== undefined && path !== undefined) name = this.names.of(`${String(outer)}.${path}`);
    }
    if (name !== undefined) this.named.set(object, name);
    return name;
  }

  ofAllocation(alloc: Allocation): number {
    let name = this.allocations.get(alloc);
    if (name === undefined) {
      name = this.names.of(`made by ${this.maker(alloc)}`);
      this.allocations.set(alloc, name);
    }
    return name;
  }

  private pathTo(object: KObject, container: KObject): string | undefined {
    const kind = object.constructor;
    const likely = this.paths.get(kind);
    if (likely !== undefined && Reflect.get(container, likely) === object) return likely;
    for (const key of Object.keys(container)) {
      const value: unknown = Reflect.get(container, key);
      if (value === object) {
        this.paths.set(kind, key);
        return key;
      }
      if (Array.isArray(value)) {
        const at = value.indexOf(object);
        if (at >= 0) return `${key}[${String(at)}]`;
      }
    }
    return undefined;
  }
}
