// SPDX-License-Identifier: GPL-2.0-only
import { E, kfn, queue_work, READ_ONCE, type Steps } from '@libmultipath/driver-kit';
import { NVME_CTRL_CONNECTING, NVME_CTRL_LIVE, NVME_CTRL_RESETTING } from './constants.js';
import { nvme_change_ctrl_state } from './ctrl-state.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import { nvme_init_subsystem } from './nvme-subsystem.js';
import { nvme_start_ctrl } from './start-ctrl.js';

/** Kernel: nvme_reset_ctrl(), all versions. Context: any. @returns 0 or -EBUSY */
export const nvme_reset_ctrl = kfn('nvme_reset_ctrl', function* (ctrl: nvme_ctrl): Steps<number> {
  if (!(yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_RESETTING))) return -E.EBUSY;
  return (yield* queue_work(ctrl.core.nvme_reset_wq, ctrl.reset_work)) ? 0 : -E.EBUSY;
});

/**
 * From CONNECTING to LIVE: Identify, the subsystem, I/O queues, the first scan.
 * Kernel: the common part of nvme_reset_work() and, 7.x, nvme_probe(). Context: may sleep.
 * @returns false when somebody began to remove the controller meanwhile
 */
export function* bring_up(ctrl: nvme_ctrl): Steps<boolean> {
  if (!(yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_CONNECTING))) return false;
  yield* nvme_init_subsystem(ctrl);
  if (!(yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_LIVE))) return false;
  yield* nvme_start_ctrl(ctrl);
  return true;
}

/** Kernel: nvme_reset_work(), 6.1, of a controller that was not enabled before. Context: nvme_reset_wq. */
export const nvme_reset_work = kfn('nvme_reset_work', function* (ctrl: nvme_ctrl): Steps<void> {
  if ((yield* READ_ONCE(ctrl, 'state')) !== NVME_CTRL_RESETTING) return;
  yield* bring_up(ctrl);
});
