// SPDX-License-Identifier: GPL-2.0-only
import type { Steps } from '@libmultipath/kernel';
import type { mpath_iopolicy_e } from '../constants.js';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { head_with_template } from '../structures/mpath-head-base.js';
import type { CandidateParts } from './candidate.js';

/** Where the revisions differ in choosing a path. */
export interface SelectionParts<D extends mpath_device_base, H extends head_with_template<D>> extends CandidateParts {
  /** The policy, read once when a bio looks for a path. */
  readonly read_iopolicy: (head: H) => Steps<mpath_iopolicy_e>;
  /**
   * The policy as the full scan asks for it, for each path that is not disabled and has a node.
   * @param given what the caller of the scan passed, where callers pass it
   */
  readonly iopolicy_in_scan: (head: H, given: mpath_iopolicy_e | undefined) => Steps<mpath_iopolicy_e>;
  /** The access state, read once: 0 optimized, 1 non-optimized, anything else is neither. */
  readonly access_state: (head: H, dev: D) => Steps<number>;
  /** The same as the round-robin walk asks for it. */
  readonly access_state_in_walk: (head: H, dev: D) => Steps<number>;
  /** Requests in flight, signed as the counter is. */
  readonly nr_active: (head: H, dev: D) => Steps<number>;
}
