// SPDX-License-Identifier: GPL-2.0-only
import { cross } from './instrument.js';
import type { Site } from './site.js';

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export const chance = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const shuffled = <T>(items: readonly T[], next: () => number): T[] => {
  const list = [...items];
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1));
    const [a, b] = [list[at], list[other]];
    if (a === undefined || b === undefined) continue;
    [list[at], list[other]] = [b, a];
  }
  return list;
};

/** A function is a stratum; what is outside functions is one per file. */
const stratumOf = ({ file, owner, isStatic }: Site): string => (isStatic ? file : `${file} ${owner}`);

/**
 * Takes one site of each stratum after the other, strata and sites in an order drawn by chance, until
 * there are so many. Of sites whose ranges cross only the first is taken, and none that the gate refuses.
 * @param first taken before any is drawn
 */
export const stratified = (
  sites: readonly Site[],
  count: number,
  seed: number,
  refuses: (site: Site) => boolean = () => false,
  first: readonly Site[] = [],
): Site[] => {
  const next = chance(seed);
  const strata = new Map<string, Site[]>();
  for (const site of sites) strata.set(stratumOf(site), [...(strata.get(stratumOf(site)) ?? []), site]);
  const queues = shuffled(
    [...strata.values()].map((members) => shuffled(members, next)),
    next,
  );
  const taken: Site[] = first.slice(0, count);
  while (taken.length < count && queues.some((queue) => queue.length > 0)) {
    for (const queue of queues) {
      if (taken.length >= count) break;
      const fits = (site: Site): boolean =>
        !taken.some((other) => other.file === site.file && cross(other, site)) && !refuses(site);
      const at = queue.findIndex(fits);
      const [site] = queue.splice(0, at === -1 ? queue.length : at + 1).slice(-1);
      if (at !== -1 && site !== undefined) taken.push(site);
    }
  }
  return taken;
};
