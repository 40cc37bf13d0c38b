// SPDX-License-Identifier: GPL-2.0-only
import {
  complete,
  completion,
  currentMachine,
  kfn,
  mutex_lock,
  mutex_unlock,
  READ_ONCE,
  wait_for_completion,
  type Steps,
} from '@libmultipath/driver-kit';
import { nvme_alloc_ns } from './alloc-ns.js';
import { NVME_CTRL_LIVE } from './constants.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { nvme_ns_info } from './nvme-ns.js';

/** What Identify of a namespace gives. Fixed, so it is no access. */
const identify = (ctrl: nvme_ctrl, nsid: number): nvme_ns_info | undefined => {
  const found = ctrl.slot.namespaces.find(({ media }) => media.nsid === nsid);
  return found === undefined
    ? undefined
    : { nsid, is_shared: found.shared, capacitySectors: found.media.capacitySectors, media: found.media };
};

/** Kernel: nvme_scan_ns(), all versions, of a namespace that the controller does not have yet. */
const nvme_scan_ns = kfn('nvme_scan_ns', function* (ctrl: nvme_ctrl, nsid: number): Steps<void> {
  const info = identify(ctrl, nsid);
  if (info !== undefined) yield* nvme_alloc_ns(ctrl, info);
});

/** One after the other. Kernel: nvme_scan_ns_list(), 6.1. */
export const scan_ns_list_in_order = kfn('nvme_scan_ns_list', function* (ctrl: nvme_ctrl, nsids: readonly number[]) {
  for (const nsid of nsids) yield* nvme_scan_ns(ctrl, nsid);
});

/** All at the same time, in an async domain, when there are several. Kernel: nvme_scan_ns_list(), 6.12 to 7.3. */
export const scan_ns_list_async = kfn('nvme_scan_ns_list', function* (ctrl: nvme_ctrl, nsids: readonly number[]) {
  if (nsids.length === 1) {
    yield* scan_ns_list_in_order(ctrl, nsids);
    return;
  }
  const done = new completion();
  for (const nsid of nsids) {
    const name = `async/nvme_scan_ns ${ctrl.slot.slotLabel} ${String(nsid)} #${String(ctrl.slot.times)}`;
    currentMachine().spawn(
      name,
      function* () {
        yield* nvme_scan_ns(ctrl, nsid);
        yield* complete(done);
      },
      { kind: 'kworker' },
    );
  }
  for (const _ of nsids) yield* wait_for_completion(done);
});

/**
 * Attaches every namespace of the active list. (The list of an emulated controller never
 * changes while it is attached, so nothing is removed here.)
 * Kernel: nvme_scan_work(), all versions. Context: nvme_wq.
 */
export const nvme_scan_work = kfn('nvme_scan_work', function* (ctrl: nvme_ctrl): Steps<void> {
  if ((yield* READ_ONCE(ctrl, 'state')) !== NVME_CTRL_LIVE) return;
  yield* mutex_lock(ctrl.scan_lock);
  yield* ctrl.core.parts.scan_ns_list(
    ctrl,
    ctrl.slot.namespaces.map(({ media }) => media.nsid),
  );
  yield* mutex_unlock(ctrl.scan_lock);
});
