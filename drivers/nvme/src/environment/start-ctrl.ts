// SPDX-License-Identifier: GPL-2.0-only
import { kfn, kobject_uevent, queue_work, READ_ONCE, set_bit, type Steps } from '@libmultipath/driver-kit';
import { nvme_mpath_update } from './ana.js';
import { NVME_CTRL_LIVE, NVME_CTRL_STARTED_ONCE } from './constants.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import { nvme_unquiesce_io_queues } from './quiesce.js';

/** Kernel: nvme_queue_scan(), all versions. Context: any. */
export const nvme_queue_scan = kfn('nvme_queue_scan', function* (ctrl: nvme_ctrl): Steps<void> {
  if ((yield* READ_ONCE(ctrl, 'state')) === NVME_CTRL_LIVE) yield* queue_work(ctrl.core.nvme_wq, ctrl.scan_work);
});

/**
 * Queues that never ran are not quiesced, so the first start leaves them alone.
 * Kernel: nvme_start_ctrl(), all versions, for a controller with I/O queues. Context: may sleep.
 */
export const nvme_start_ctrl = kfn('nvme_start_ctrl', function* (ctrl: nvme_ctrl, again: boolean = false): Steps<void> {
  yield* nvme_queue_scan(ctrl);
  if (again) yield* nvme_unquiesce_io_queues(ctrl);
  yield* nvme_mpath_update(ctrl);
  yield* set_bit(NVME_CTRL_STARTED_ONCE, ctrl, 'flags');
  kobject_uevent(ctrl.device.kobj, 'change');
});
