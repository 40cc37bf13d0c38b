// SPDX-License-Identifier: GPL-2.0-only
import type { KnownFinding } from './known-findings.js';

/** What a check found, against what was expected. */
export interface Gate {
  /** Listed and found. */
  readonly known: readonly KnownFinding[];
  /** Ids that were found and are not listed. */
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
export const gateOf = (listed: readonly KnownFinding[], found: readonly string[], scope: GateScope): Gate => {
  const expected = listed.filter(({ revisions }) => revisions.includes(scope.revision));
  const ids = new Set(found);
  const known = expected.filter(({ id }) => ids.has(id));
  const unlisted = [...ids].filter((id) => !expected.some((one) => one.id === id)).sort();
  const gone = scope.whole ? expected.filter(({ id }) => !ids.has(id)) : [];
  return { known, unlisted, gone, exit: unlisted.length + gone.length > 0 ? 1 : 0 };
};
