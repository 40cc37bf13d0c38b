// SPDX-License-Identifier: GPL-2.0-only
import { READ_ONCE, test_bit, type Steps } from '@libmultipath/driver-kit';
import { plain_ana_state } from './ana-state.js';
import {
  NVME_ANA_OPTIMIZED,
  NVME_CTRL_CONNECTING,
  NVME_CTRL_DELETING,
  NVME_CTRL_FAILFAST_EXPIRED,
  NVME_CTRL_LIVE,
  NVME_CTRL_RESETTING,
  NVME_NS_ANA_PENDING,
  NVME_NS_READY,
} from './constants.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { nvme_ns_base } from './nvme-ns.js';

/*
 * What the states of path and controller mean to multipath. Bodies of kernel functions whose
 * names differ between kernels: those who use them give the name. Context of each: any, inside
 * an SRCU read section of the head.
 */

/** What every version tests after the controller's state. */
export function* is_pending_or_not_ready(ns: nvme_ns_base): Steps<boolean> {
  if (yield* test_bit(NVME_NS_ANA_PENDING, ns, 'flags')) return true;
  return !(yield* test_bit(NVME_NS_READY, ns, 'flags'));
}

/** May no I/O be sent to the path at all? The state is read once, ANA states are not looked at. Since 6.12. */
export function* path_is_disabled(ns: nvme_ns_base): Steps<boolean> {
  const state = yield* READ_ONCE(ns.ctrl, 'state');
  // A controller that is being deleted still completes I/O while it is connected.
  if (state !== NVME_CTRL_LIVE && state !== NVME_CTRL_DELETING) return true;
  return yield* is_pending_or_not_ready(ns);
}

/** Looks neither at ANA_PENDING nor at READY. All versions. */
export function* path_is_optimized(ns: nvme_ns_base, { read } = plain_ana_state): Steps<boolean> {
  if ((yield* READ_ONCE(ns.ctrl, 'state')) !== NVME_CTRL_LIVE) return false;
  return (yield* read(ns)) === NVME_ANA_OPTIMIZED;
}

/** Is the controller live or on its way there, and has not failed fast? All versions. */
export function* path_may_come(ctrl: nvme_ctrl): Steps<boolean> {
  if (yield* test_bit(NVME_CTRL_FAILFAST_EXPIRED, ctrl, 'flags')) return false;
  const state = yield* READ_ONCE(ctrl, 'state');
  return state === NVME_CTRL_LIVE || state === NVME_CTRL_RESETTING || state === NVME_CTRL_CONNECTING;
}
