// SPDX-License-Identifier: GPL-2.0-only
import { isCovered, type Use } from './covers.js';
import type { KnownFinding } from './known-findings.js';

/** What of an entry tells which findings are its own. */
export type Listed = Pick<KnownFinding, 'id' | 'covers'>;

/** What of a finding an entry is told by. */
export interface Listable extends Use {
  readonly id: string;
}

/** The entry of a finding: the one with its id, or the first that covers it. */
export const entryOf = <E extends Listed>(list: readonly E[], finding: Listable): E | undefined =>
  list.find(({ id }) => id === finding.id) ??
  list.find(({ covers = [] }) => covers.some((one) => isCovered(one, finding)));
