// SPDX-License-Identifier: GPL-2.0-only
import type { V3Parts } from '../v3/parts.js';

/** A change to NVMe v3, small and switchable alone; its page is `docs/remedies/NAME.md`. */
export interface NvmeRemedy {
  readonly name: string;
  /** What it removes: ids of findings, or what no check has an id for, in words. */
  readonly removes: readonly string[];
  /** How the change would look in C, in one sentence. */
  readonly inC: string;
  /** The parts with the remedy in. Remedies change different parts, so their order does not matter. */
  readonly apply: (parts: V3Parts) => V3Parts;
}
