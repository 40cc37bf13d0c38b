// SPDX-License-Identifier: GPL-2.0-only
import { kfn, load, type Steps } from '@libmultipath/driver-kit';
import { NVME_CTRL_DELETING, NVME_CTRL_LIVE } from '../environment/constants.js';
import { is_pending_or_not_ready, path_is_disabled, path_is_optimized } from '../environment/path-state.js';
import type { nvme_ns } from './nvme-ns.js';

/** Part of a profile: may I/O be sent to the path at all? ANA states are not looked at. */
export type PathIsDisabled = (ns: nvme_ns) => Steps<boolean>;

/**
 * The controller's state is read twice: a change in between can be seen half.
 * Kernel: nvme_path_is_disabled(), 6.1. Context: any, under `head->srcu`.
 */
export const path_is_disabled_6_1: PathIsDisabled = kfn('nvme_path_is_disabled', function* (ns: nvme_ns) {
  if ((yield* load(ns.ctrl, 'state')) !== NVME_CTRL_LIVE && (yield* load(ns.ctrl, 'state')) !== NVME_CTRL_DELETING) {
    return true;
  }
  return yield* is_pending_or_not_ready(ns);
});

/** The state is read once. Kernel: nvme_path_is_disabled(), 6.8 (5c687c287c46) to 7.3. Context: any, under `head->srcu`. */
export const path_is_disabled_6_8: PathIsDisabled = kfn('nvme_path_is_disabled', path_is_disabled);

/** Kernel: nvme_path_is_optimized(), all versions. Context: any, under `head->srcu`. */
export const nvme_path_is_optimized = kfn('nvme_path_is_optimized', path_is_optimized);
