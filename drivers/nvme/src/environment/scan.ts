// SPDX-License-Identifier: GPL-2.0-only
import {
  complete,
  completion,
  currentMachine,
  dev_err,
  dev_info,
  dev_warn,
  kfn,
  kref_get_unless_zero,
  mutex_lock,
  mutex_unlock,
  queue_work,
  READ_ONCE,
  test_and_clear_bit,
  test_bit,
  wait_for_completion,
  type Steps,
} from '@libmultipath/driver-kit';
import { nvme_alloc_ns, nvme_update_ns_info } from './alloc-ns.js';
import { nvme_ctrl_use_ana } from './ana.js';
import { NVME_AER_NOTICE_NS_CHANGED, NVME_CTRL_LIVE } from './constants.js';
import { for_each_ns } from './for-each-ns.js';
import { noIds, nvme_ns_ids_equal } from './ns-ids.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import { nvme_put_ns, type nvme_ns_base, type nvme_ns_info } from './nvme-ns.js';
import { nvme_ns_remove } from './remove-ns.js';
import { nvme_queue_scan } from './start-ctrl.js';
import { identify_active_list, identify_namespace } from './target.js';

/** What Identify says about the namespace. @returns null: nothing that a scan could use */
function* nvme_ns_info_from_identify(ctrl: nvme_ctrl, nsid: number): Steps<nvme_ns_info | null> {
  const found = yield* identify_namespace(ctrl, nsid);
  if (found === null || typeof found === 'number') return null;
  const { media, shared, ids = noIds, anagrpid = 1, isReady = true } = found;
  const capacitySectors = found.capacitySectors ?? media.capacitySectors;
  return { nsid, is_shared: shared, capacitySectors, media, ids, anagrpid, isReady, isRemoved: capacitySectors === 0 };
}

/** Kernel: nvme_find_get_ns(), all versions. Context: may sleep. References: one on the path. */
const nvme_find_get_ns = kfn('nvme_find_get_ns', function* (ctrl: nvme_ctrl, nsid: number): Steps<nvme_ns_base | null> {
  let found: nvme_ns_base | null = null;
  yield* for_each_ns(ctrl, function* (ns) {
    if (found === null && ns.media.nsid === nsid && (yield* kref_get_unless_zero(ns.kref))) found = ns;
  });
  return found;
});

/**
 * What else can be wrong with a path that is there leaves it alone.
 * Kernel: nvme_validate_ns(), all versions. Context: `scan_lock` held.
 */
const nvme_validate_ns = kfn('nvme_validate_ns', function* (ns: nvme_ns_base, info: nvme_ns_info): Steps<void> {
  const { head, ctrl } = ns;
  if (head !== null && !nvme_ns_ids_equal(head.ids, info.ids)) {
    dev_err(ctrl.device, `identifiers changed for nsid ${String(ns.media.nsid)}`);
    yield* nvme_ns_remove(ns);
    return;
  }
  yield* nvme_update_ns_info(ns, info);
});

/** Kernel: nvme_ns_remove_by_nsid(), all versions. */
const nvme_ns_remove_by_nsid = kfn('nvme_ns_remove_by_nsid', function* (ctrl: nvme_ctrl, nsid: number): Steps<void> {
  const ns = yield* nvme_find_get_ns(ctrl, nsid);
  if (ns === null) return;
  yield* nvme_ns_remove(ns);
  yield* nvme_put_ns(ns);
});

/**
 * A namespace that is there is looked at again; one that is new is attached. The first scan of a controller cannot
 * meet a path, so it does not look for one.
 * Kernel: nvme_scan_ns(), all versions. Context: `scan_lock` held.
 */
const nvme_scan_ns = kfn('nvme_scan_ns', function* (ctrl: nvme_ctrl, nsid: number): Steps<void> {
  const info = yield* nvme_ns_info_from_identify(ctrl, nsid);
  if (info === null) return;
  if (info.isRemoved) yield* nvme_ns_remove_by_nsid(ctrl, nsid);
  if (info.isRemoved || !info.isReady) return;
  const ns = ctrl.wasScanned ? yield* nvme_find_get_ns(ctrl, nsid) : null;
  if (ns === null) {
    yield* nvme_alloc_ns(ctrl, info);
    return;
  }
  yield* nvme_validate_ns(ns, info);
  yield* nvme_put_ns(ns);
});

/** One after the other. Kernel: nvme_scan_ns_list(), 6.1. */
export const scan_ns_list_in_order = kfn('nvme_scan_ns_list', function* (ctrl: nvme_ctrl, nsids: readonly number[]) {
  for (const nsid of nsids) yield* nvme_scan_ns(ctrl, nsid);
});

/** Scans of several namespaces that a controller has had, under its `scan_lock`: tasks of each have names of their own. */
const rounds = new WeakMap<nvme_ctrl, number>();

/** All at the same time, in an async domain, when there are several. Kernel: nvme_scan_ns_list(), 6.12 to 7.3. */
export const scan_ns_list_async = kfn('nvme_scan_ns_list', function* (ctrl: nvme_ctrl, nsids: readonly number[]) {
  if (nsids.length === 1) {
    yield* scan_ns_list_in_order(ctrl, nsids);
    return;
  }
  const done = new completion();
  const round = (rounds.get(ctrl) ?? 0) + 1;
  rounds.set(ctrl, round);
  const again = round === 1 ? '' : ` again ${String(round)}`;
  for (const nsid of nsids) {
    const name = `async/nvme_scan_ns ${ctrl.slot.slotLabel} ${String(nsid)} #${String(ctrl.slot.times)}${again}`;
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

/** Paths whose namespaces the list does not have go. Kernel: nvme_remove_invalid_namespaces(), nvme_remove_nsid_range(). */
function* remove_others(ctrl: nvme_ctrl, nsids: readonly number[]): Steps<void> {
  const others: number[] = [];
  yield* for_each_ns(ctrl, function* ({ media }) {
    if (!nsids.includes(media.nsid)) others.push(media.nsid);
  });
  for (const nsid of others) yield* nvme_ns_remove_by_nsid(ctrl, nsid);
}

/** Kernel: nvme_clear_changed_ns_log(), behind `rescanning namespaces.` Part of nvme_scan_work(), all versions. */
function* take_notice(ctrl: nvme_ctrl): Steps<void> {
  if (yield* test_and_clear_bit(NVME_AER_NOTICE_NS_CHANGED, ctrl, 'events')) {
    dev_info(ctrl.device, 'rescanning namespaces.');
  }
}

/**
 * Every id that there could be, one after the other; what is above the highest goes.
 * Kernel: nvme_scan_ns_sequential(), all versions. Context: `scan_lock` held.
 */
const nvme_scan_ns_sequential = kfn('nvme_scan_ns_sequential', function* (ctrl: nvme_ctrl): Steps<void> {
  const { nn } = ctrl.slot.identity;
  const all = Array.from({ length: nn }, (_, index) => index + 1);
  yield* scan_ns_list_in_order(ctrl, all);
  if (ctrl.wasScanned) yield* remove_others(ctrl, all);
  ctrl.wasScanned = true;
});

/** What came while the scan ran is looked at by another one, or by a read of the ANA log. Part of nvme_scan_work(). */
function* look_again(ctrl: nvme_ctrl): Steps<void> {
  if (yield* test_bit(NVME_AER_NOTICE_NS_CHANGED, ctrl, 'events')) yield* nvme_queue_scan(ctrl);
  else if (ctrl.ana !== null && (yield* nvme_ctrl_use_ana(ctrl))) {
    yield* queue_work(ctrl.core.nvme_wq, ctrl.ana.ana_work);
  }
}

/**
 * Attaches every namespace of the active list, looks again at those that are there, and lets go of the others. (Of an
 * emulated controller the list never changes, so there are no notices and no others.)
 * Kernel: nvme_scan_work(), all versions. Context: nvme_wq.
 */
export const nvme_scan_work = kfn('nvme_scan_work', function* (ctrl: nvme_ctrl): Steps<void> {
  if ((yield* READ_ONCE(ctrl, 'state')) !== NVME_CTRL_LIVE) return;
  const changes = ctrl.slot.target !== null;
  if (changes) yield* take_notice(ctrl);
  yield* mutex_lock(ctrl.scan_lock);
  const nsids = yield* identify_active_list(ctrl);
  if (typeof nsids === 'number') {
    dev_warn(ctrl.device, `Identify NS List failed (status=0x${nsids.toString(16)})`);
    if (ctrl.core.parts.falls_back_to_sequential(nsids)) yield* nvme_scan_ns_sequential(ctrl);
  } else {
    yield* ctrl.core.parts.scan_ns_list(ctrl, nsids);
    if (changes && ctrl.wasScanned) yield* remove_others(ctrl, nsids);
    ctrl.wasScanned = true;
  }
  yield* mutex_unlock(ctrl.scan_lock);
  if (changes) yield* look_again(ctrl);
});
