// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from './json.js';

export interface DiffRow {
  readonly observation: string;
  /** All values over the outcome set of each side. */
  readonly a: readonly Json[];
  readonly b: readonly Json[];
  readonly file: string;
  readonly line: number;
  /** Absent: nobody has explained it yet, and the command exits 1. */
  readonly why?: string;
}

export interface DiffScenario {
  readonly name: string;
  readonly driver: string;
  /** `error`: a model could not be explored, so nothing is known. */
  readonly verdict: 'same' | 'differs' | 'unsupported' | 'error';
  readonly outcomesA: number;
  readonly outcomesB: number;
  readonly differences: readonly DiffRow[];
  readonly reason?: string;
}

/** `mpath diff A B --json`. */
export interface DiffDocument {
  readonly schema: 'mpath.diff/1';
  readonly a: string;
  readonly b: string;
  readonly scenarios: readonly DiffScenario[];
  readonly summary: {
    readonly same: number;
    readonly differs: number;
    readonly unsupported: number;
    readonly error: number;
    readonly unexplained: number;
  };
}
