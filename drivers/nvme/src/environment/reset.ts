// SPDX-License-Identifier: GPL-2.0-only
import { dev_warn, E, kfn, load, READ_ONCE, store, type Steps } from '@libmultipath/driver-kit';
import {
  NVME_CTRL_CONNECTING,
  NVME_CTRL_DEAD,
  NVME_CTRL_DELETING,
  NVME_CTRL_LIVE,
  NVME_CTRL_RESETTING,
} from './constants.js';
import { nvme_uninit_ctrl } from './ctrl-reference.js';
import { nvme_change_ctrl_state } from './ctrl-state.js';
import { nvme_dev_disable, nvme_mark_namespaces_dead, nvme_pci_enable, nvme_setup_io_queues } from './dev-disable.js';
import { nvme_unfreeze, nvme_wait_freeze } from './freeze.js';
import { nvme_init_ctrl_finish } from './init-identify.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import { nvme_unquiesce_io_queues } from './quiesce.js';
import { nvme_start_ctrl } from './start-ctrl.js';

/** The queues run again; what got into them before is let through. Part of nvme_reset_work(), all versions. */
function* restart_queues(ctrl: nvme_ctrl): Steps<void> {
  yield* nvme_setup_io_queues(ctrl);
  yield* nvme_unquiesce_io_queues(ctrl);
  yield* nvme_wait_freeze(ctrl);
  yield* nvme_unfreeze(ctrl);
}

/**
 * From CONNECTING to LIVE: Identify, the subsystem, I/O queues, the scan.
 * Kernel: the common part of nvme_reset_work() and, since 6.2, nvme_probe(). Context: may sleep.
 * @returns 0; -EBUSY or -ENODEV when somebody began to remove the controller meanwhile; what Identify gave
 */
export function* bring_up(ctrl: nvme_ctrl): Steps<number> {
  const again = ctrl.wasEnabled;
  if (!(yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_CONNECTING))) {
    dev_warn(ctrl.device, 'failed to mark controller CONNECTING');
    return -E.EBUSY;
  }
  const error = yield* nvme_init_ctrl_finish(ctrl);
  if (error !== 0) return error;
  if (again) yield* restart_queues(ctrl);
  if (!(yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_LIVE))) {
    dev_warn(ctrl.device, 'failed to mark controller live state');
    return -E.ENODEV;
  }
  ctrl.wasEnabled = true;
  yield* nvme_start_ctrl(ctrl, again);
  return 0;
}

/**
 * A probe that fails leaves nothing. Whoever has begun to remove the controller does the rest himself.
 * Kernel: the error path of nvme_probe(), 6.2 to 7.3; in 6.1 that of the reset work. Context: may sleep.
 */
export function* probe_failed(ctrl: nvme_ctrl): Steps<void> {
  if (!(yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_DELETING))) return;
  if ((yield* load(ctrl.slot, 'drvdata')) !== ctrl) return;
  yield* store(ctrl.slot, 'drvdata', null);
  yield* nvme_uninit_ctrl(ctrl);
}

/** The controller stays bound, without a use. Part of nvme_reset_work(), 6.2 to 7.3. Context: nvme_reset_wq. */
export function* reset_failed_6_2(ctrl: nvme_ctrl, result: number): Steps<void> {
  dev_warn(ctrl.device, `Disabling device after reset failure: ${String(result)}`);
  yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_DELETING);
  yield* nvme_dev_disable(ctrl, true);
  yield* nvme_mark_namespaces_dead(ctrl);
  yield* nvme_unquiesce_io_queues(ctrl);
  ctrl.isDead = yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_DEAD);
}

/**
 * Stops a controller that runs, and brings it up. One whose removal began before is left to that.
 * Kernel: nvme_reset_work(), all versions. Context: nvme_reset_wq.
 */
export const nvme_reset_work = kfn('nvme_reset_work', function* (ctrl: nvme_ctrl): Steps<void> {
  if ((yield* READ_ONCE(ctrl, 'state')) !== NVME_CTRL_RESETTING) return;
  const ran = ctrl.wasEnabled;
  if (ran) yield* nvme_dev_disable(ctrl, false);
  const enabled = ran ? yield* nvme_pci_enable(ctrl) : 0;
  const result = enabled === 0 ? yield* bring_up(ctrl) : enabled;
  if (result === 0) return;
  if (ran) yield* ctrl.core.parts.reset_failed(ctrl, result);
  else if (result !== -E.EBUSY && result !== -E.ENODEV) yield* probe_failed(ctrl);
});
