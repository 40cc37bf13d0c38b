// SPDX-License-Identifier: GPL-2.0-only
import { errors } from '../errors.js';

/** One of several parts of a list, e.g. of the scenarios that several machines of a CI share. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** `2/5`. @throws SyntaxError */
export const parseShard = (input: string): Shard => {
  const [, index, count] = /^(\d{1,4})\/(\d{1,4})$/.exec(input)?.map(Number) ?? [];
  if (index === undefined || count === undefined || index < 1 || index > count)
    throw new SyntaxError(`expected a part and the number of parts, as 2/5, found ${input}`);
  return { index, count };
};

/**
 * The shard's part. Parts are disjoint, together they are the list, and their sizes differ by one at most.
 * @throws LMP-909 there are more shards than items, so that one would have nothing to do
 */
export const partOf = <T>(items: readonly T[], { index, count }: Shard): T[] => {
  if (count > items.length) {
    throw errors.fail('LMP-909', {
      message: `expected at most as many shards as scenarios, ${String(items.length)}, found ${String(count)}`,
      where: '--shard',
      todo: 'take fewer shards',
    });
  }
  return items.filter((_item, nth) => nth % count === index - 1);
};
