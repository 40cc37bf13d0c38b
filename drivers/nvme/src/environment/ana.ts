// SPDX-License-Identifier: GPL-2.0-only
import {
  cancel_work_sync,
  currentMachine,
  dev_info,
  dev_warn,
  E,
  HZ,
  jiffies,
  kfn,
  load,
  mod_timer,
  mutex_lock,
  mutex_unlock,
  queue_work,
  READ_ONCE,
  set_bit,
  store,
  timer_delete_sync,
  type Steps,
} from '@libmultipath/driver-kit';
import { nvme_parse_ana_log, type AnaLog, type nvme_ana_group_desc } from './ana-parse.js';
import { NVME_ANA_CHANGE, NVME_CTRL_LIVE, NVME_NS_ANA_PENDING } from './constants.js';
import { nvme_is_ana_error } from './error-status.js';
import { for_each_ns } from './for-each-ns.js';
import type { nvme_ctrl_ana } from './nvme-ctrl-ana.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import type { nvme_ns_base } from './nvme-ns.js';
import type { nvme_request } from './request.js';
import { nvme_reset_ctrl } from './reset-ctrl.js';
import { get_ana_log } from './target.js';

/** The buffer as the parser takes it; null: no ANA. Under `ana_lock`. */
function* log_of(ana: nvme_ctrl_ana): Steps<AnaLog | null> {
  if ((yield* load(ana, 'ana_log_buf')) === null) return null;
  return { bytes: yield* load(ana, 'ana_log'), sizeBytes: ana.ana_log_size, anagrpmax: ana.anagrpmax };
}

/** Paths that the group names, found as the kernel finds them: both sides ascend, and each is walked once. */
function* matching(
  ctrl: nvme_ctrl,
  { bytes }: AnaLog,
  desc: nvme_ana_group_desc,
  matched: (ns: nvme_ns_base) => Steps<void>,
): Steps<void> {
  let n = 0;
  const isBeyond = (): boolean => {
    if (desc.end(n) <= bytes.length) return false;
    currentMachine().report('out-of-bounds', 'KASAN: slab-out-of-bounds in nvme_update_ana_state', ctrl);
    n = desc.nnsids;
    return true;
  };
  yield* for_each_ns(ctrl, function* (ns) {
    while (n < desc.nnsids && !isBeyond()) {
      const nsid = desc.nsid(n);
      if (ns.media.nsid < nsid) return;
      if (ns.media.nsid === nsid) yield* matched(ns);
      n++;
      if (ns.media.nsid <= nsid) return;
    }
  });
}

/**
 * A namespace that no group names keeps what it has.
 * Kernel: nvme_update_ana_state(), all versions. Context: may sleep, `ana_lock` held.
 */
const nvme_update_ana_state = kfn(
  'nvme_update_ana_state',
  function* (ctrl: nvme_ctrl, log: AnaLog, desc: nvme_ana_group_desc): Steps<void> {
    if (desc.nnsids === 0) return;
    yield* matching(ctrl, log, desc, function* (ns) {
      yield* ctrl.core.mpath.update_ns_ana_state?.(ns, desc) ?? [];
    });
  },
);

/** Applies the buffer. @returns 0 or -EINVAL, and how many groups are in state change */
function* apply(ctrl: nvme_ctrl, log: AnaLog): Steps<{ error: number; nr_change_groups: number }> {
  let nr_change_groups = 0;
  const error = yield* nvme_parse_ana_log(log, ctrl.core.parts.ana_bounds, function* (desc) {
    if (desc.state === NVME_ANA_CHANGE) nr_change_groups++;
    yield* nvme_update_ana_state(ctrl, log, desc);
    return 0;
  });
  return { error, nr_change_groups };
}

/**
 * Reads the log page and applies it as far as it is good. Only then the timer follows: it is one for the whole
 * controller, twice the time that the controller claims, and every read with a changing group starts it anew.
 * Kernel: nvme_read_ana_log(), all versions. Context: may sleep.
 * @returns 0, -errno, or a positive status of the command
 */
export const nvme_read_ana_log = kfn('nvme_read_ana_log', function* (ctrl: nvme_ctrl): Steps<number> {
  const { ana } = ctrl;
  if (ana === null) return 0;
  yield* mutex_lock(ana.ana_lock);
  const read = yield* get_ana_log(ctrl, ana.ana_log_size);
  if (typeof read === 'number') {
    dev_warn(ctrl.device, `Failed to get ANA log: ${String(read)}`);
    yield* mutex_unlock(ana.ana_lock);
    return read;
  }
  // The buffer itself stays where it is: who only asks whether there is one does not race with this.
  yield* store(ana, 'ana_log', read);
  const { error, nr_change_groups } = yield* apply(ctrl, {
    bytes: read,
    sizeBytes: ana.ana_log_size,
    anagrpmax: ana.anagrpmax,
  });
  if (error === 0) {
    if (nr_change_groups > 0) yield* mod_timer(ana.anatt_timer, ana.anatt * HZ * 2 + (yield* jiffies()));
    else yield* timer_delete_sync(ana.anatt_timer);
  }
  yield* mutex_unlock(ana.ana_lock);
  return error;
});

/** Kernel: nvme_ana_work(), all versions. Context: nvme_wq. */
export const nvme_ana_work = kfn('nvme_ana_work', function* (ctrl: nvme_ctrl): Steps<void> {
  if ((yield* READ_ONCE(ctrl, 'state')) !== NVME_CTRL_LIVE) return;
  yield* nvme_read_ana_log(ctrl);
});

/**
 * Applies the buffer again, once the controller is live, so that its paths go live too. The timer stays as it is.
 * Kernel: nvme_mpath_update(), all versions. Context: may sleep.
 */
export const nvme_mpath_update = kfn('nvme_mpath_update', function* (ctrl: nvme_ctrl): Steps<void> {
  const { ana } = ctrl;
  if (ana === null || (yield* load(ana, 'ana_log_buf')) === null) return;
  yield* mutex_lock(ana.ana_lock);
  const log = yield* log_of(ana);
  if (log !== null) yield* apply(ctrl, log);
  yield* mutex_unlock(ana.ana_lock);
});

/** Kernel: nvme_anatt_timeout(), all versions. Context: atomic, a timer. */
export const nvme_anatt_timeout = kfn('nvme_anatt_timeout', function* (ctrl: nvme_ctrl): Steps<void> {
  dev_info(ctrl.device, 'ANATT timeout, resetting controller.');
  yield* nvme_reset_ctrl(ctrl);
});

/** Kernel: nvme_mpath_stop(), all versions. Context: may sleep. */
export const nvme_mpath_stop = kfn('nvme_mpath_stop', function* (ctrl: nvme_ctrl): Steps<void> {
  const { ana } = ctrl;
  if (ana === null || (yield* load(ana, 'ana_log_buf')) === null) return;
  yield* timer_delete_sync(ana.anatt_timer);
  yield* cancel_work_sync(ana.ana_work);
});

/**
 * The group's descriptor in the buffer, as it was read last; null: it is not there. A bad descriptor before it
 * ends the search.
 * Part of nvme_mpath_add_disk(), all versions. Context: may sleep, no lock held.
 */
export function* lookup_ana_group(
  ctrl: nvme_ctrl,
  ns: nvme_ns_base,
  anagrpid: number,
): Steps<nvme_ana_group_desc | null> {
  const { ana } = ctrl;
  if (ana === null) return null;
  let found: nvme_ana_group_desc | null = null;
  yield* mutex_lock(ana.ana_lock);
  yield* store(ns, 'ana_grpid', anagrpid);
  const log = yield* log_of(ana);
  if (log !== null) {
    yield* nvme_parse_ana_log(log, ctrl.core.parts.ana_bounds, function* (desc) {
      if (desc.grpid !== anagrpid) return 0;
      found = desc;
      return -E.ENXIO;
    });
  }
  yield* mutex_unlock(ana.ana_lock);
  return found;
}

/** Kernel: nvme_ctrl_use_ana(). Context: any. */
export function* nvme_ctrl_use_ana(ctrl: nvme_ctrl): Steps<boolean> {
  return ctrl.ana !== null && (yield* load(ctrl.ana, 'ana_log_buf')) !== null;
}

/**
 * The controller answers, but not for this namespace: the path is not used until the log page was read again.
 * Part of nvme_failover_req(), all versions. Context: atomic.
 */
export function* note_ana_error({ ns, status }: nvme_request): Steps<void> {
  const { ana } = ns.ctrl;
  if (ana === null || !nvme_is_ana_error(status) || !(yield* nvme_ctrl_use_ana(ns.ctrl))) return;
  yield* set_bit(NVME_NS_ANA_PENDING, ns, 'flags');
  yield* queue_work(ns.ctrl.core.nvme_wq, ana.ana_work);
}
