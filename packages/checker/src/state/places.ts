// SPDX-License-Identifier: GPL-2.0-only
import type { Interchangeable } from '@libmultipath/kernel';

/** Permutations at most, each costs a fingerprint of its own: of a larger group only the first few change places. */
const MOST = 24;

/** One way for interchangeable things to change places. */
export class Places {
  constructor(
    private readonly tasks: ReadonlyMap<string, string> = new Map(),
    private readonly allocations: ReadonlyMap<number, number> = new Map(),
  ) {}

  /** The task in whose place the named one stands. */
  task(name: string): string {
    return this.tasks.get(name) ?? name;
  }

  /** The allocation in whose place the numbered one stands. */
  allocation(id: number): number {
    return this.allocations.get(id) ?? id;
  }
}

const permutations = (count: number): number[][] => {
  if (count === 0) return [[]];
  return permutations(count - 1).flatMap((rest) =>
    Array.from({ length: count }, (_, at) => [...rest.slice(0, at), count - 1, ...rest.slice(at)]),
  );
};

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** All ways, that of everything in its own place first. */
export const placesOf = (groups: readonly (readonly Interchangeable[])[]): Places[] => {
  let ways: { tasks: [string, string][]; allocations: [number, number][] }[] = [{ tasks: [], allocations: [] }];
  for (const all of groups) {
    // A part of the permutations that is closed in itself is as sound as all of them.
    let count = all.length;
    while (count > 1 && ways.length * factorial(Math.min(count, 20)) > MOST) count--;
    if (count < 2) continue;
    const group = all.slice(0, count);
    const orders = permutations(group.length);
    ways = ways.flatMap((way) =>
      orders.map((order) => {
        const tasks = [...way.tasks];
        const allocations = [...way.allocations];
        for (const [index, thing] of group.entries()) {
          const other = group[order[index] ?? index] ?? thing;
          thing.tasks?.forEach((name, at) => tasks.push([name, other.tasks?.[at] ?? name]));
          thing.objects?.forEach(({ alloc }, at) =>
            allocations.push([alloc.id, other.objects?.[at]?.alloc.id ?? alloc.id]),
          );
        }
        return { tasks, allocations };
      }),
    );
  }
  const isIdentity = (way: (typeof ways)[number]): boolean =>
    way.tasks.every(([from, to]) => from === to) && way.allocations.every(([from, to]) => from === to);
  ways.sort((a, b) => Number(isIdentity(b)) - Number(isIdentity(a)));
  return ways.map(({ tasks, allocations }) => new Places(new Map(tasks), new Map(allocations)));
};
