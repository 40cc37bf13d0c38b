// SPDX-License-Identifier: GPL-2.0-only
import {
  currentMachine,
  dev_warn,
  E,
  flush_work,
  kfn,
  load,
  queue_work,
  store,
  work_struct,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_CTRL_DEAD, NVME_CTRL_DELETING } from './constants.js';
import { nvme_get_ctrl, nvme_put_ctrl, nvme_uninit_ctrl } from './ctrl-reference.js';
import { nvme_change_ctrl_state } from './ctrl-state.js';
import { nvme_dev_disable, nvme_mark_namespaces_dead } from './dev-disable.js';
import { nvme_init_ctrl, type nvme_ctrl } from './nvme-ctrl.js';
import type { pci_slot } from './pci-slot.js';
import { nvme_unquiesce_io_queues } from './quiesce.js';
import { nvme_remove_namespaces } from './remove-ns.js';
import { nvme_reset_ctrl } from './reset-ctrl.js';
import { bring_up, probe_failed } from './reset.js';
import { nvme_stop_ctrl } from './stop-ctrl.js';

/** Kernel: async_schedule(): a worker of the system runs it. */
const async_schedule = (slot: pci_slot, fn: string, body: () => Steps<void>): void => {
  currentMachine().spawn(`async/${fn} ${slot.slotLabel} #${String(slot.times)}`, body, { kind: 'kworker' });
};

/**
 * The reset work brings the controller up. (An async function then waits for that and for
 * the scan, and drops the probe's reference; nobody waits for it, so it is dropped here.)
 * Kernel: nvme_probe() with nvme_async_probe(), 6.1. Context: may sleep.
 */
const probe_6_1 = kfn('nvme_probe', function* (slot: pci_slot): Steps<void> {
  const ctrl = yield* nvme_init_ctrl(slot.core, slot);
  yield* store(slot, 'drvdata', ctrl);
  yield* nvme_reset_ctrl(ctrl);
  yield* nvme_put_ctrl(ctrl);
});

/**
 * The probe itself brings the controller up. (It then waits for the scan, and has nothing
 * left to do: that wait is not modelled.)
 * Kernel: nvme_probe(), 6.2 (eac3ef262941) to 7.3. Context: may sleep.
 */
const probe_6_2 = kfn('nvme_probe', function* (slot: pci_slot): Steps<void> {
  const ctrl = yield* nvme_init_ctrl(slot.core, slot);
  yield* store(slot, 'drvdata', ctrl);
  const error = yield* bring_up(ctrl);
  if (error !== 0 && error !== -E.EBUSY && error !== -E.ENODEV) yield* probe_failed(ctrl);
  yield* nvme_put_ctrl(ctrl);
});

/** In the task that asked for the rescan. Kernel: pci_bus_add_device() with device_attach(), 6.1. */
export const attach_at_once = (slot: pci_slot): Steps<void> => {
  slot.times++;
  return probe_6_1(slot);
};

/**
 * As {@link attach_at_once}: the driver prefers a worker since 6.2, but device_attach() does not ask.
 * Kernel: pci_bus_add_device() with device_attach(), 6.2 to 6.16.
 */
export const attach_at_once_6_2 = (slot: pci_slot): Steps<void> => {
  slot.times++;
  return probe_6_2(slot);
};

/**
 * In a worker: the driver prefers it, and the PCI core allows it.
 * Kernel: pci_bus_add_device() with device_initial_probe(), 6.17 to 7.3.
 */
export function* attach_async(slot: pci_slot): Steps<void> {
  slot.times++;
  async_schedule(slot, 'nvme_probe', () => probe_6_2(slot));
}

/** Whether the function still answers on its bus. */
export type Presence = 'present' | 'gone';

/**
 * An orderly removal: the device answers to the end, so every request that is in a queue
 * completes, and what nvme_dev_disable() would cancel is gone by then. Of a function that is gone
 * everything is cancelled first, and the paths' disks are dead.
 * Kernel: nvme_remove(), all versions. Context: may sleep.
 */
export const nvme_remove = kfn('nvme_remove', function* (slot: pci_slot, presence: Presence = 'present'): Steps<void> {
  const ctrl = yield* load(slot, 'drvdata');
  if (ctrl === null) return;
  yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_DELETING);
  yield* store(slot, 'drvdata', null);
  if (presence === 'gone') {
    ctrl.isDead = yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_DEAD);
    yield* nvme_dev_disable(ctrl, true);
  }
  yield* flush_work(ctrl.reset_work);
  yield* nvme_stop_ctrl(ctrl);
  yield* nvme_remove_namespaces(ctrl);
  yield* nvme_uninit_ctrl(ctrl);
});

/** Kernel: nvme_remove_dead_ctrl_work(), 6.1. Context: nvme_wq. */
const nvme_remove_dead_ctrl_work = kfn('nvme_remove_dead_ctrl_work', function* (ctrl: nvme_ctrl): Steps<void> {
  if ((yield* load(ctrl.slot, 'drvdata')) === ctrl) yield* nvme_remove(ctrl.slot);
  yield* nvme_put_ctrl(ctrl);
});

/**
 * The driver is unbound, as by a removal, in another work. Kernel: nvme_remove_dead_ctrl(), 6.1. Context: nvme_reset_wq.
 * References: one on the controller, for that work.
 */
export const reset_failed_6_1 = kfn('nvme_remove_dead_ctrl', function* (ctrl: nvme_ctrl, result: number): Steps<void> {
  dev_warn(ctrl.device, `Removing after probe failure status: ${String(result)}`);
  yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_DELETING);
  yield* nvme_get_ctrl(ctrl);
  yield* nvme_dev_disable(ctrl, false);
  yield* nvme_mark_namespaces_dead(ctrl);
  yield* nvme_unquiesce_io_queues(ctrl);
  const remove_work = new work_struct(ctrl, () => nvme_remove_dead_ctrl_work(ctrl), 'nvme_remove_dead_ctrl_work');
  yield* queue_work(ctrl.core.nvme_wq, remove_work);
});
