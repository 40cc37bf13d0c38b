// SPDX-License-Identifier: GPL-2.0-only
import type { LoadResult } from '@libmultipath/contract';

/** What a scenario sees of a verified load that was stopped. */
export interface LoadOutcome {
  /** Errno names, sorted, each once. */
  readonly errors: readonly string[];
  /** A block read back was not what had been written. */
  readonly corrupt: boolean;
  /** Every block that was written was read back, and held what was written. */
  readonly verified: boolean;
}

/** @param blocks that the load goes round */
export const loadOutcome = ({ errors, corrupt, completed, verified }: LoadResult, blocks: number): LoadOutcome => ({
  errors: Object.keys(errors).sort(),
  corrupt: corrupt > 0,
  // The first round writes each block once, later ones write the same blocks again.
  verified: completed > 0 && verified === Math.min(blocks, completed),
});
