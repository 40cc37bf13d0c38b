// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from './json.js';

/** A place in a scenario file, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One entry of `steps`: something that is done. */
export interface DoStep extends Position {
  readonly kind: 'do';
  readonly verb: string;
  /** Arguments as the verb's schema gave them. */
  readonly args: unknown;
}

/** One entry of `steps`: something that is looked at. */
export interface ObserveStep extends Position {
  readonly kind: 'observe';
  readonly observation: string;
  readonly args: unknown;
  /** Key of its value in the outcome, unique in the file. */
  readonly label: string;
}

export type ScenarioStep = DoStep | ObserveStep;

/** The order of a timer and an event that a scenario is about. */
export interface Demand {
  /** Label of the observation that carries the order. */
  readonly observation: string;
  readonly value: Json;
}

/**
 * A scenario, read and checked against its driver's vocabulary. Plain frozen data.
 */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly driver: string;
  /** Path as given to the parser. */
  readonly file: string;
  /** Features of the model that must be there; otherwise `unsupported`. */
  readonly needs: readonly string[];
  /** The driver's topology, as its schema gave it. */
  readonly topology: unknown;
  /** How many outcomes the model may allow (default 1); more is `too-loose`. */
  readonly maxOutcomes: number;
  /** Seconds that stand for `$window` in the steps. */
  readonly windowSecs: number | undefined;
  readonly demand: Demand | undefined;
  /** The model's timers expire only when all else is at rest. */
  readonly lateTimers?: boolean;
  readonly steps: readonly ScenarioStep[];
}
