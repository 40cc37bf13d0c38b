// SPDX-License-Identifier: GPL-2.0-only
import { E, flush_work, kfn, queue_work, READ_ONCE, type Steps } from '@libmultipath/driver-kit';
import { NVME_CTRL_LIVE, NVME_CTRL_RESETTING } from './constants.js';
import { nvme_change_ctrl_state } from './ctrl-state.js';
import type { nvme_ctrl } from './nvme-ctrl.js';

/** Kernel: nvme_reset_ctrl(), all versions. Context: any. @returns 0 or -EBUSY */
export const nvme_reset_ctrl = kfn('nvme_reset_ctrl', function* (ctrl: nvme_ctrl): Steps<number> {
  if (!(yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_RESETTING))) return -E.EBUSY;
  return (yield* queue_work(ctrl.core.nvme_reset_wq, ctrl.reset_work)) ? 0 : -E.EBUSY;
});

/** Kernel: nvme_reset_ctrl_sync(), all versions. Context: may sleep. @returns 0, -EBUSY, -ENETRESET: it is not live after it */
export const nvme_reset_ctrl_sync = kfn('nvme_reset_ctrl_sync', function* (ctrl: nvme_ctrl): Steps<number> {
  const error = yield* nvme_reset_ctrl(ctrl);
  if (error !== 0) return error;
  yield* flush_work(ctrl.reset_work);
  return (yield* READ_ONCE(ctrl, 'state')) === NVME_CTRL_LIVE ? 0 : -E.ENETRESET;
});
