// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory, StoryChange } from '@libmultipath/contract';

/** State every so many events is kept, so that one step back costs no more than one forward. */
const EVERY = 256;

export interface StateAt {
  /** By key, in order of the keys' first appearance. */
  readonly values: ReadonlyMap<string, string>;
  /** What the event itself changed. */
  readonly changes: readonly StoryChange[];
}

/** Answers what the state was right after any event of a story. */
export class States {
  private readonly kept: ReadonlyMap<string, string>[] = [];
  private readonly positions: ReadonlyMap<number, number>;

  constructor(private readonly story: FindingStory) {
    this.positions = new Map(story.events.map(({ index }, position) => [index, position]));
    const values = new Map(Object.entries(story.detail?.initial ?? {}));
    for (let position = 0; position < story.events.length; position++) {
      if (position % EVERY === 0) this.kept.push(new Map(values));
      this.apply(values, position);
    }
  }

  /** @param index of an event; the state before the first where there is none */
  at(index: number): StateAt {
    const position = this.positions.get(index);
    if (position === undefined)
      return { values: new Map(Object.entries(this.story.detail?.initial ?? {})), changes: [] };
    const from = Math.floor(position / EVERY);
    const values = new Map(this.kept[from]);
    for (let at = from * EVERY; at <= position; at++) this.apply(values, at);
    return { values, changes: this.story.detail?.changes[index] ?? [] };
  }

  private apply(values: Map<string, string>, position: number): void {
    const event = this.story.events[position];
    if (event === undefined) return;
    for (const { key, after } of this.story.detail?.changes[event.index] ?? []) values.set(key, after);
  }
}

/** `thing#1` of `thing#1.refs`: what the state is grouped by. */
export const ownerOf = (key: string): string => key.split('.')[0] ?? key;
