// SPDX-License-Identifier: GPL-2.0-only
import { EVERYTHING } from './footprints.js';
import type { Renaming } from './renaming.js';

/** What is kept of one place of the path, beside its {@link SearchNode}. */
export class Place {
  /** Fingerprint of the state, where it was taken. */
  a = 0;
  b = 0;
  /** It cannot be compared or kept: there are too many tasks, or what they show is no JSON yet. */
  spoiled = false;
  /** Nothing is gained by keeping it: what follows is known, or nobody had a choice. */
  passing = true;
  /** It was there before this search began. */
  foreign = false;
  /** Tasks asleep on arrival. */
  asleep = 0;
  /** Tasks that exist. */
  tasks = 0;
  /** How the state is labelled where its fingerprint is least; undefined: as it is. */
  renaming: Renaming | undefined = undefined;
  /** Footprint of the step taken from here. */
  step = EVERYTHING;
  /** By position in the machine's list: number of the task, footprint of the step it stands before (-1: none). */
  readonly numbers: number[] = [];
  readonly pending: number[] = [];
  /** What follows, by {@link Future.id}. */
  readonly futures = new Set<number>();
}
