// SPDX-License-Identifier: GPL-2.0-only
import type { Steps } from '@libmultipath/kernel';

/** The candidate variables of the full scan: what they hold before the walk, and what they count as after it. */
export interface CandidateParts {
  readonly candidate: (variable: 'found' | 'fallback') => null;
  /** Does it count as something other than NULL? */
  readonly is_found: (candidate: object | null) => Steps<boolean>;
}

/** As v2 and v3 declare them: NULL. */
export const initialised_candidates: CandidateParts = {
  candidate: () => null,
  *is_found(candidate) {
    return candidate !== null;
  },
};
