// SPDX-License-Identifier: GPL-2.0-only
import { dataRace, siteLabel, type Step } from '@libmultipath/kernel';
import type { Schedule } from '../choice.js';
import type { FoundRace } from '../exploration.js';

interface Entry extends Omit<FoundRace, 'count' | 'schedule'> {
  count: number;
  length: number;
  schedule: Schedule;
}

/** Steps of one place, in the order in which labels sort, so that one pair has one key. */
const pairOf = (first: Step, second: Step): string => {
  const labels = [siteLabel(first), siteLabel(second)];
  return labels.sort().join(' / ');
};

/**
 * Data races among the pairs of steps that the search finds to be unordered: both orders
 * happen, and nothing stands between. One entry for each pair of sites.
 */
export class DataRaces {
  private readonly entries = new Map<string, Entry>();
  /** Pairs of sites that are none, so that they are judged once. */
  private readonly harmless = new Set<string>();
  /** Pairs of the present run. */
  private seen: { readonly key: string; readonly length: number }[] = [];

  /** @param who tasks of the two steps, the earlier first @param length steps up to the second */
  meet(first: Step, second: Step, who: readonly [string, string], length: number): void {
    if (first.ordering !== 'plain' && second.ordering !== 'plain') return;
    const key = pairOf(first, second);
    if (this.harmless.has(key)) return;
    if (!this.entries.has(key)) {
      const race = dataRace({ task: who[0], step: first }, { task: who[1], step: second });
      if (race === undefined) {
        this.harmless.add(key);
        return;
      }
      this.entries.set(key, { key, ...race, count: 0, length: Infinity, schedule: [] });
    }
    this.seen.push({ key, length });
  }

  /** After a run: keeps the shortest way to each pair. */
  endRun(schedule: () => Schedule): void {
    if (this.seen.length === 0) return;
    for (const { key, length } of this.seen) {
      const entry = this.entries.get(key);
      if (entry === undefined) continue;
      entry.count++;
      if (length >= entry.length) continue;
      entry.length = length;
      entry.schedule = schedule().slice(0, length);
    }
    this.seen = [];
  }

  found(): FoundRace[] {
    return [...this.entries.values()]
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ key, report, tolerated, count, schedule }) => ({ key, report, tolerated, count, schedule }));
  }
}
