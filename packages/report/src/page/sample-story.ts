// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory, StoryChange, StoryDetail, StoryEvent } from '@libmultipath/contract';

/** Events that a page holds; a step through more tells nobody anything, and the file would weigh hundreds of megabytes. */
export const EVENTS_MAX = 20_000;
/** Events before the one that shows the finding: all are kept. */
const NEAR = 1_000;

/** Which events stay: the sites and what is before them, then what matters, then every n-th of the rest. */
const keptOf = (events: readonly StoryEvent[], most: number): ReadonlySet<number> => {
  const kept = new Set<number>();
  const near = Math.min(NEAR, Math.floor(most / 4));
  for (const { index, site } of events) if (site !== undefined) kept.add(index);
  for (const { index } of events.slice(-near)) kept.add(index);
  const spread = (some: readonly StoryEvent[], room: number): void => {
    if (room <= 0) return;
    const every = Math.max(1, Math.ceil(some.length / room));
    for (const [nth, { index }] of some.entries()) if (nth % every === 0) kept.add(index);
  };
  spread(
    events.filter(({ matters, index }) => matters && !kept.has(index)),
    Math.floor((most - kept.size) * 0.75),
  );
  spread(
    events.filter(({ index }) => !kept.has(index)),
    most - kept.size,
  );
  return kept;
};

/** Changes of the steps that are left out count to the next that stays, so that the state at it is right. */
const mergedChanges = (events: readonly StoryEvent[], kept: ReadonlySet<number>, detail: StoryDetail) => {
  const merged: Record<number, StoryChange[]> = {};
  const open = new Map<string, StoryChange>();
  for (const { index } of events) {
    for (const change of detail.changes[index] ?? []) {
      const { key, after } = change;
      open.set(key, { key, before: open.get(key)?.before ?? change.before, after });
    }
    if (!kept.has(index)) continue;
    const changes = [...open.values()].filter(({ before, after }) => before !== after);
    if (changes.length > 0) merged[index] = changes;
    open.clear();
  }
  return merged;
};

const sampledDetail = (events: readonly StoryEvent[], kept: ReadonlySet<number>, detail: StoryDetail): StoryDetail => ({
  ...detail,
  edges: detail.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
  changes: mergedChanges(events, kept, detail),
  rests: detail.rests.filter((index) => kept.has(index)),
  objects: detail.objects.map((life) => ({
    ...life,
    references: life.references.filter(({ index }) => kept.has(index)),
    usedAfter: life.usedAfter.filter((index) => kept.has(index)),
  })),
});

/** The story with at most `most` events; the same one where it has no more. */
export const sampleStory = (story: FindingStory, most = EVENTS_MAX): FindingStory => {
  const { events, detail } = story;
  if (events.length <= most) return story;
  const kept = keptOf(events, most);
  return {
    ...story,
    events: events.filter(({ index }) => kept.has(index)),
    ...(detail === undefined ? {} : { detail: sampledDetail(events, kept, detail) }),
  };
};
