// SPDX-License-Identifier: GPL-2.0-only
import type { Schedule } from '../choice.js';
import type { Findings } from '../exploration.js';

/** Keys, each list sorted. */
export interface Appeared {
  readonly outcomes: readonly string[];
  readonly reports: readonly string[];
  readonly stuck: readonly string[];
}

interface Keyed {
  readonly key: string;
  readonly schedule: Schedule;
}

const fresh = (before: readonly Keyed[], now: readonly Keyed[]): string[] => {
  const known = new Set(before.map(({ key }) => key));
  return now.map(({ key }) => key).filter((key) => !known.has(key));
};

/** What a search shows that those before it did not. */
export const appearedIn = (before: Findings, now: Findings): Appeared => ({
  outcomes: fresh(before.outcomes, now.outcomes),
  reports: fresh(before.reports, now.reports),
  stuck: fresh(before.ends.stuckAt, now.ends.stuckAt),
});

/** The newer search's things with the schedule that showed them first, and what it was stopped too early to see. */
const foldList = <T extends Keyed>(before: readonly T[], now: readonly T[]): T[] => {
  const all = new Map(before.map((item) => [item.key, item]));
  for (const item of now) {
    const first = all.get(item.key);
    all.set(item.key, first === undefined ? item : { ...item, schedule: first.schedule });
  }
  return [...all.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
};

/** What two searches show of which the newer explores all that the older did, and more. */
export const fold = (before: Findings, now: Findings): Findings => ({
  outcomes: foldList(before.outcomes, now.outcomes),
  reports: foldList(before.reports, now.reports),
  ...(now.races === undefined ? {} : { races: foldList(before.races ?? [], now.races) }),
  ends: { ...now.ends, stuckAt: foldList(before.ends.stuckAt, now.ends.stuckAt) },
});
