// SPDX-License-Identifier: GPL-2.0-only
import type { Outcome } from './outcome.js';

/** What one kernel showed, kept beside the scenarios: `recordings/<kernel name>.json`. */
export interface Recording {
  readonly schema: 'mpath.recording/1';
  readonly kernel: string;
  readonly release: string;
  readonly scenarios: readonly {
    readonly name: string;
    readonly outcomes: readonly { readonly value: Outcome; readonly seen: number }[];
  }[];
}
