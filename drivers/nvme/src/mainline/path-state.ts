// SPDX-License-Identifier: GPL-2.0-only
import { kfn, load, READ_ONCE, test_bit, type Steps } from '@libmultipath/driver-kit';
import {
  NVME_ANA_OPTIMIZED,
  NVME_CTRL_DELETING,
  NVME_CTRL_LIVE,
  NVME_NS_ANA_PENDING,
  NVME_NS_READY,
} from '../environment/constants.js';
import type { nvme_ns } from './nvme-ns.js';

/** Part of a profile: may I/O be sent to the path at all? ANA states are not looked at. */
export type PathIsDisabled = (ns: nvme_ns) => Steps<boolean>;

/** What both versions test after the controller's state. */
function* is_pending_or_not_ready(ns: nvme_ns): Steps<boolean> {
  if (yield* test_bit(NVME_NS_ANA_PENDING, ns, 'flags')) return true;
  return !(yield* test_bit(NVME_NS_READY, ns, 'flags'));
}

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

/** The state is read once. Kernel: nvme_path_is_disabled(), 6.12 to 7.3. Context: any, under `head->srcu`. */
export const path_is_disabled_7_3: PathIsDisabled = kfn('nvme_path_is_disabled', function* (ns: nvme_ns) {
  const state = yield* READ_ONCE(ns.ctrl, 'state');
  // A controller that is being deleted still completes I/O while it is connected.
  if (state !== NVME_CTRL_LIVE && state !== NVME_CTRL_DELETING) return true;
  return yield* is_pending_or_not_ready(ns);
});

/**
 * Looks neither at ANA_PENDING nor at READY.
 * Kernel: nvme_path_is_optimized(), all versions. Context: any, under `head->srcu`.
 */
export const nvme_path_is_optimized = kfn('nvme_path_is_optimized', function* (ns: nvme_ns): Steps<boolean> {
  if ((yield* READ_ONCE(ns.ctrl, 'state')) !== NVME_CTRL_LIVE) return false;
  return (yield* load(ns, 'ana_state')) === NVME_ANA_OPTIMIZED;
});
