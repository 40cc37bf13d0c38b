// SPDX-License-Identifier: GPL-2.0-only
import type { Exploration, Findings, SearchStats } from '../exploration.js';
import type { PctChance } from '../sampling/sample-options.js';
import { NO_STATS, NOTHING } from './merge.js';

/** A node of a search path as plain data: its fields, arrays without trailing zeros. */
export type SavedNode = Readonly<Record<string, string | number | boolean | readonly number[]>>;

/**
 * A part of a program's tree that is explored by itself: what follows one prefix of
 * choices, or what is left of it. Plain data: it travels to a thread, and into a file.
 */
export interface WorkUnit {
  /** Place in the order in which results count. */
  readonly id: number;
  /** The choices before it, each `task` or `task:branch` by number, with spaces between. No other is made there. */
  readonly path: string;
  /** Hash of the steps that the choices stand for. */
  readonly trace: string;
  /** Preemptions spent on the way. */
  readonly preemptions: number;
  /** The search path below the prefix, up to where the next run leaves it; none: all is to be explored. */
  readonly nodes: readonly SavedNode[];
  /** Part of the whole tree that this is thought to be, for estimates only. */
  readonly share: number;
}

export type UnitDraft = Omit<WorkUnit, 'id'>;

/** A state at a settle point, and the unit that explores what follows it. */
export interface MetState {
  readonly key: string;
  readonly unit: UnitDraft;
}

/** What the exploration of a unit gave. */
export interface UnitResult {
  readonly found: Exploration;
  /** `stopped`: from outside, so that the unit has to be explored again. */
  readonly end: 'done' | 'left' | 'stopped';
  /** States met for the first time in this unit, whose future is left to somebody. */
  readonly met: readonly MetState[];
  /** States whose future this unit explored, or has in `rest`. */
  readonly claimed: readonly string[];
  /** With `left`: what remains of the unit, in parts. */
  readonly rest: readonly UnitDraft[];
  /** The bound on preemptions kept something from being explored. */
  readonly limited: boolean;
  /** Of a sample: what its method promises. */
  readonly chance?: PctChance;
}

/** Of a unit whose thread was told to stop and did not come back. */
export const UNKNOWN: UnitResult = {
  found: { complete: false, bound: 'stopped', ...NOTHING, stats: NO_STATS },
  end: 'stopped',
  met: [],
  claimed: [],
  rest: [],
  limited: false,
};

/** How far the exploration of a unit is: told while it goes on. */
export interface UnitProgress {
  readonly stats: SearchStats;
  /** Part of the unit's tree that is explored, as it looks now. */
  readonly done: number;
  /** With it the unit can be left here: what was found, and the one unit that goes on. */
  readonly saved?: Pick<UnitResult, 'met' | 'claimed' | 'rest' | 'limited'> & { readonly found: Findings };
}

/** The whole of a program. */
export const ROOT: WorkUnit = { id: 0, path: '', trace: '', preemptions: 0, nodes: [], share: 1 };
