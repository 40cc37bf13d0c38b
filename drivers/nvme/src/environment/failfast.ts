// SPDX-License-Identifier: GPL-2.0-only
import {
  cancel_delayed_work_sync,
  clear_bit,
  dev_info,
  HZ,
  kfn,
  READ_ONCE,
  schedule_delayed_work,
  set_bit,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_CTRL_CONNECTING, NVME_CTRL_FAILFAST_EXPIRED } from './constants.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import { run_held } from './quiesce.js';

/** Fabrics only, and only where a time is set. Kernel: nvme_start_failfast_work(), all versions. Context: may sleep. */
export const nvme_start_failfast_work = kfn('nvme_start_failfast_work', function* ({ opts }: nvme_ctrl): Steps<void> {
  if (opts === null || opts.fast_io_fail_tmo === -1) return;
  yield* schedule_delayed_work(opts.failfast_work, opts.fast_io_fail_tmo * HZ);
});

/** Kernel: nvme_stop_failfast_work(), all versions. Context: may sleep. */
export const nvme_stop_failfast_work = kfn('nvme_stop_failfast_work', function* (ctrl: nvme_ctrl): Steps<void> {
  if (ctrl.opts === null) return;
  yield* cancel_delayed_work_sync(ctrl.opts.failfast_work);
  yield* clear_bit(NVME_CTRL_FAILFAST_EXPIRED, ctrl, 'flags');
});

/**
 * The controller has not come back in time: it counts as unavailable, and what waits is tried again.
 * Kernel: nvme_failfast_work(), all versions. Context: a worker.
 */
export const nvme_failfast_work = kfn('nvme_failfast_work', function* (ctrl: nvme_ctrl): Steps<void> {
  if ((yield* READ_ONCE(ctrl, 'state')) !== NVME_CTRL_CONNECTING) return;
  yield* set_bit(NVME_CTRL_FAILFAST_EXPIRED, ctrl, 'flags');
  dev_info(ctrl.device, 'failfast expired');
  yield* ctrl.core.mpath.kick_requeue_lists(ctrl);
  yield* run_held(ctrl);
});
