// SPDX-License-Identifier: GPL-2.0-only
import { entryOf, type Listable } from './entry-of.js';
import type { KnownFinding } from './known-findings.js';

/** What a check found, against what was expected. */
export interface Gate {
  /** Listed and found. */
  readonly known: readonly KnownFinding[];
  /** Ids that were found and that no entry has or covers. */
  readonly unlisted: readonly string[];
  /** Listed and gone. */
  readonly gone: readonly KnownFinding[];
  /** 0: as expected; 1: something is unlisted or gone. */
  readonly exit: 0 | 1;
}

export interface GateScope {
  readonly revision: string;
  /** Everything that the list is about was explored to the end of its bound: else nothing counts as gone. */
  readonly whole: boolean;
}

/** The gate of a check: listed and found is 0; unlisted is 1; listed and gone is 1. */
export const gateOf = (listed: readonly KnownFinding[], found: readonly Listable[], scope: GateScope): Gate => {
  const expected = listed.filter(({ revisions }) => revisions.includes(scope.revision));
  const seen = new Set(found.map((finding) => entryOf(expected, finding)));
  const known = expected.filter((entry) => seen.has(entry));
  const unlisted = [...new Set(found.filter((one) => entryOf(expected, one) === undefined).map(({ id }) => id))].sort();
  const gone = scope.whole ? expected.filter((entry) => !seen.has(entry)) : [];
  return { known, unlisted, gone, exit: unlisted.length + gone.length > 0 ? 1 : 0 };
};
