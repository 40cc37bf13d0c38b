// SPDX-License-Identifier: GPL-2.0-only
import { cancel_delayed_work_sync, flush_work, kfn, type Steps } from '@libmultipath/driver-kit';
import { nvme_mpath_stop } from './ana.js';
import { nvme_stop_failfast_work } from './failfast.js';
import type { nvme_ctrl } from './nvme-ctrl.js';

/** Kernel: nvme_stop_ctrl() with nvme_tcp_stop_ctrl(), all versions. Context: may sleep. */
export const nvme_stop_ctrl = kfn('nvme_stop_ctrl', function* (ctrl: nvme_ctrl): Steps<void> {
  yield* nvme_mpath_stop(ctrl);
  yield* nvme_stop_failfast_work(ctrl);
  if (ctrl.opts === null) return;
  yield* flush_work(ctrl.opts.err_work);
  yield* cancel_delayed_work_sync(ctrl.opts.connect_work);
});
