// SPDX-License-Identifier: GPL-2.0-only
import { blk_mark_disk_dead, E, kfn, READ_ONCE, type Steps } from '@libmultipath/driver-kit';
import { NVME_CTRL_LIVE, NVME_CTRL_RESETTING } from './constants.js';
import { for_each_ns } from './for-each-ns.js';
import { nvme_start_freeze } from './freeze.js';
import { change_hw, wait_for_hw } from './hardware.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import { nvme_cancel_tagset, nvme_quiesce_io_queues, nvme_unquiesce_io_queues } from './quiesce.js';

/**
 * Stops the function: nobody enters the queues, what is in them is kept back, what is in flight is cancelled.
 * (An orderly shutdown of a live one would let it finish first; nothing here does that.)
 * Kernel: nvme_dev_disable(), all versions. Context: may sleep.
 */
export const nvme_dev_disable = kfn('nvme_dev_disable', function* (ctrl: nvme_ctrl, shutdown: boolean): Steps<void> {
  const state = yield* READ_ONCE(ctrl, 'state');
  if (state === NVME_CTRL_LIVE || state === NVME_CTRL_RESETTING) yield* nvme_start_freeze(ctrl);
  yield* nvme_quiesce_io_queues(ctrl);
  yield* change_hw('nvme_suspend_io_queues', ctrl.slot.hw, (hw) => {
    hw.enabled = false;
  });
  yield* nvme_cancel_tagset(ctrl);
  if (shutdown) yield* nvme_unquiesce_io_queues(ctrl);
});

/**
 * Waits until the function is ready again, as long as that takes. (The kernel gives up after the time that the
 * function itself names: a function that is not there ends the wait here.)
 * Kernel: nvme_pci_enable(), all versions. Context: may sleep. @returns 0 or -ENODEV
 */
export const nvme_pci_enable = kfn('nvme_pci_enable', function* ({ slot: { hw } }: nvme_ctrl): Steps<number> {
  yield* wait_for_hw('nvme_wait_ready', hw, ({ ready, broken }) => ready || broken);
  return hw.broken ? -E.ENODEV : 0;
});

/** Kernel: nvme_setup_io_queues(), all versions. Context: may sleep. */
export const nvme_setup_io_queues = kfn('nvme_setup_io_queues', function* ({ slot: { hw } }: nvme_ctrl): Steps<void> {
  yield* change_hw('nvme_create_io_queues', hw, () => {
    hw.enabled = true;
  });
});

/** I/O of the paths' own disks fails from here on. Kernel: nvme_mark_namespaces_dead(); in 6.1 nvme_kill_queues(). */
export const nvme_mark_namespaces_dead = kfn('nvme_mark_namespaces_dead', function* (ctrl: nvme_ctrl): Steps<void> {
  yield* for_each_ns(ctrl, (ns) => blk_mark_disk_dead(ns.disk));
});
