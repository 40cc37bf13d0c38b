// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_read,
  atomic_set,
  dev_info,
  dev_warn,
  E,
  flush_work,
  HZ,
  kfn,
  queue_delayed_work,
  queue_work,
  READ_ONCE,
  store,
  type Steps,
} from '@libmultipath/driver-kit';
import {
  NVME_CTRL_CONNECTING,
  NVME_CTRL_DELETING,
  NVME_CTRL_LIVE,
  NVME_CTRL_RESETTING,
  NVME_STATUS_DNR,
} from './constants.js';
import { nvme_get_ctrl, nvme_put_ctrl, nvme_uninit_ctrl } from './ctrl-reference.js';
import { nvme_change_ctrl_state } from './ctrl-state.js';
import { nvme_start_freeze, nvme_unfreeze, nvme_wait_freeze_timeout } from './freeze.js';
import { change_hw } from './hardware.js';
import { nvme_init_ctrl_finish } from './init-identify.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import { nvme_cancel_tagset, nvme_quiesce_io_queues, nvme_unquiesce_io_queues } from './quiesce.js';
import { nvme_remove_namespaces } from './remove-ns.js';
import { nvme_start_ctrl } from './start-ctrl.js';
import { nvme_stop_ctrl } from './stop-ctrl.js';
import { connect_to } from './target.js';

/*
 * A fabrics transport as drivers/nvme/host/tcp.c is one: what it does with the controller, without its wire.
 */

/** Of asm-generic/errno.h. */
export const ECONNREFUSED = 111;

/** What is in flight is cancelled, what comes is kept back. Kernel: nvme_tcp_teardown_io_queues(), all versions. */
const nvme_tcp_teardown_io_queues = kfn(
  'nvme_tcp_teardown_io_queues',
  function* (ctrl: nvme_ctrl, remove: boolean): Steps<void> {
    yield* nvme_quiesce_io_queues(ctrl);
    yield* change_hw('nvme_tcp_stop_io_queues', ctrl.slot.hw, (hw) => {
      hw.enabled = false;
    });
    yield* nvme_cancel_tagset(ctrl);
    if (remove) yield* nvme_unquiesce_io_queues(ctrl);
  },
);

/**
 * Queues that ran before are let run empty, so that their number could change.
 * Kernel: nvme_tcp_configure_io_queues(), all versions. @returns 0 or -ENODEV: they did not run empty
 */
const nvme_tcp_configure_io_queues = kfn(
  'nvme_tcp_configure_io_queues',
  function* (ctrl: nvme_ctrl, isNew: boolean): Steps<number> {
    yield* change_hw('nvme_tcp_start_io_queues', ctrl.slot.hw, (hw) => {
      hw.enabled = true;
    });
    if (isNew) return 0;
    yield* nvme_start_freeze(ctrl);
    yield* nvme_unquiesce_io_queues(ctrl);
    const isEmpty = yield* nvme_wait_freeze_timeout(ctrl);
    yield* nvme_unfreeze(ctrl);
    if (isEmpty) return 0;
    yield* nvme_tcp_teardown_io_queues(ctrl, false);
    return -E.ENODEV;
  },
);

/** Kernel: nvme_tcp_setup_ctrl(), all versions. Context: may sleep. @returns 0 or -errno; positive: a status */
export const nvme_tcp_setup_ctrl = kfn(
  'nvme_tcp_setup_ctrl',
  function* (ctrl: nvme_ctrl, isNew: boolean): Steps<number> {
    if (!(yield* change_hw('connect', ctrl.slot.hw, ({ ready }) => ready))) return -ECONNREFUSED;
    const refused = yield* connect_to(ctrl);
    if (refused !== 0) return refused;
    const error = yield* nvme_init_ctrl_finish(ctrl);
    if (error !== 0) return error;
    const configured = yield* nvme_tcp_configure_io_queues(ctrl, isNew);
    if (configured !== 0) return configured;
    if (!(yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_LIVE))) {
      yield* nvme_tcp_teardown_io_queues(ctrl, false);
      return -E.EINVAL;
    }
    ctrl.wasEnabled = true;
    yield* nvme_start_ctrl(ctrl);
    return 0;
  },
);

const hasAttemptsLeft = ({ opts }: nvme_ctrl): boolean =>
  opts !== null && (opts.max_reconnects === -1 || opts.nr_reconnects < opts.max_reconnects);

/** Part of a kernel: is a connection that ended so tried again? Pure: whoever tries again has the counters. */
export type ShouldReconnect = (ctrl: nvme_ctrl, status: number) => boolean;

/** Whatever the target said. Kernel: nvmf_should_reconnect(), 6.1. */
export const should_reconnect_6_1: ShouldReconnect = hasAttemptsLeft;

/** What the target refuses for good is not asked again. Kernel: nvmf_should_reconnect(), 6.12 to 7.3. */
export const should_reconnect_6_12: ShouldReconnect = (ctrl, status) =>
  (status <= 0 || (status & NVME_STATUS_DNR) === 0) && hasAttemptsLeft(ctrl);

/** Kernel: nvme_tcp_reconnect_or_remove(), all versions. Context: a worker. */
const nvme_tcp_reconnect_or_remove = kfn(
  'nvme_tcp_reconnect_or_remove',
  function* (ctrl: nvme_ctrl, status: number): Steps<void> {
    const { opts, core } = ctrl;
    // Somebody else resets or deletes it.
    if ((yield* READ_ONCE(ctrl, 'state')) !== NVME_CTRL_CONNECTING || opts === null) return;
    if (core.parts.should_reconnect(ctrl, status)) {
      dev_info(ctrl.device, `Reconnecting in ${String(opts.reconnect_delay)} seconds...`);
      yield* queue_delayed_work(core.nvme_wq, opts.connect_work, opts.reconnect_delay * HZ);
    } else {
      dev_info(ctrl.device, `Removing controller (${String(status)})...`);
      yield* nvme_delete_ctrl(ctrl);
    }
  },
);

/** Kernel: nvme_tcp_reconnect_ctrl_work(), all versions. Context: nvme_wq. */
export const nvme_tcp_reconnect_ctrl_work = kfn(
  'nvme_tcp_reconnect_ctrl_work',
  function* (ctrl: nvme_ctrl): Steps<void> {
    const { opts } = ctrl;
    if (opts === null) return;
    yield* store(opts, 'nr_reconnects', opts.nr_reconnects + 1);
    const attempt = `(attempt ${String(opts.nr_reconnects)}/${String(opts.max_reconnects)})`;
    const error = yield* nvme_tcp_setup_ctrl(ctrl, false);
    if (error === 0) {
      dev_info(ctrl.device, `Successfully reconnected ${attempt}`);
      yield* atomic_set(opts.acc_reconnects, (yield* atomic_read(opts.acc_reconnects)) + opts.nr_reconnects);
      yield* store(opts, 'nr_reconnects', 0);
      return;
    }
    dev_info(ctrl.device, `Failed reconnect attempt ${String(opts.nr_reconnects)}/${String(opts.max_reconnects)}`);
    yield* nvme_tcp_reconnect_or_remove(ctrl, error);
  },
);

/**
 * What waits in the queues is let go at once: a head's finds another path, or its list.
 * Kernel: nvme_tcp_error_recovery_work(), all versions. Context: nvme_reset_wq.
 */
export const nvme_tcp_error_recovery_work = kfn(
  'nvme_tcp_error_recovery_work',
  function* (ctrl: nvme_ctrl): Steps<void> {
    yield* nvme_tcp_teardown_io_queues(ctrl, false);
    yield* nvme_unquiesce_io_queues(ctrl);
    if (!(yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_CONNECTING))) return;
    yield* nvme_tcp_reconnect_or_remove(ctrl, 0);
  },
);

/** The connection is lost. Kernel: nvme_tcp_error_recovery(), all versions. Context: any. */
export const nvme_tcp_error_recovery = kfn('nvme_tcp_error_recovery', function* (ctrl: nvme_ctrl): Steps<void> {
  if (ctrl.opts === null || !(yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_RESETTING))) return;
  dev_warn(ctrl.device, 'starting error recovery');
  yield* queue_work(ctrl.core.nvme_reset_wq, ctrl.opts.err_work);
});

/** Kernel: nvme_reset_ctrl_work() of tcp.c, all versions. Context: nvme_reset_wq. */
export const nvme_reset_ctrl_work = kfn('nvme_reset_ctrl_work', function* (ctrl: nvme_ctrl): Steps<void> {
  yield* nvme_stop_ctrl(ctrl);
  yield* nvme_tcp_teardown_io_queues(ctrl, false);
  if (!(yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_CONNECTING))) return;
  const error = yield* nvme_tcp_setup_ctrl(ctrl, false);
  if (error === 0 || ctrl.opts === null) return;
  yield* store(ctrl.opts, 'nr_reconnects', ctrl.opts.nr_reconnects + 1);
  yield* nvme_tcp_reconnect_or_remove(ctrl, error);
});

/** Kernel: nvme_do_delete_ctrl(), all versions. Context: may sleep. References: drops that of nvme_init_ctrl(). */
export const nvme_do_delete_ctrl = kfn('nvme_do_delete_ctrl', function* (ctrl: nvme_ctrl): Steps<void> {
  dev_info(ctrl.device, `Removing ctrl: NQN "${ctrl.slot.subsystem.subnqn}"`);
  yield* flush_work(ctrl.reset_work);
  yield* nvme_stop_ctrl(ctrl);
  yield* nvme_remove_namespaces(ctrl);
  yield* nvme_tcp_teardown_io_queues(ctrl, true);
  yield* store(ctrl.slot, 'drvdata', null);
  yield* nvme_uninit_ctrl(ctrl);
});

/** Kernel: nvme_delete_ctrl(), all versions. Context: any. @returns 0 or -EBUSY */
export const nvme_delete_ctrl = kfn('nvme_delete_ctrl', function* (ctrl: nvme_ctrl): Steps<number> {
  if (ctrl.opts === null || !(yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_DELETING))) return -E.EBUSY;
  return (yield* queue_work(ctrl.core.nvme_delete_wq, ctrl.opts.delete_work)) ? 0 : -E.EBUSY;
});

/** Kernel: nvme_delete_ctrl_sync(), all versions. Context: may sleep. */
export const nvme_delete_ctrl_sync = kfn('nvme_delete_ctrl_sync', function* (ctrl: nvme_ctrl): Steps<void> {
  yield* nvme_get_ctrl(ctrl);
  if (yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_DELETING)) yield* nvme_do_delete_ctrl(ctrl);
  yield* nvme_put_ctrl(ctrl);
});
