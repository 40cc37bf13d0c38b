// SPDX-License-Identifier: GPL-2.0-only
import { kfn, store, type Steps } from '@libmultipath/driver-kit';
import { NVME_CTRL_CONNECTING } from './constants.js';
import { nvme_put_ctrl, nvme_uninit_ctrl } from './ctrl-reference.js';
import { nvme_change_ctrl_state } from './ctrl-state.js';
import { nvme_init_ctrl } from './nvme-ctrl.js';
import type { pci_slot } from './pci-slot.js';
import { nvme_tcp_setup_ctrl } from './tcp.js';

/**
 * A write to /dev/nvme-fabrics: connects, or leaves nothing.
 * Kernel: nvme_tcp_create_ctrl(), all versions. Context: may sleep. @returns 0, -errno, or a positive status
 */
export const nvme_tcp_create_ctrl = kfn('nvme_tcp_create_ctrl', function* (slot: pci_slot): Steps<number> {
  slot.times++;
  const ctrl = yield* nvme_init_ctrl(slot.core, slot);
  yield* store(slot, 'drvdata', ctrl);
  yield* nvme_change_ctrl_state(ctrl, NVME_CTRL_CONNECTING);
  const error = yield* nvme_tcp_setup_ctrl(ctrl, true);
  if (error !== 0) {
    yield* store(slot, 'drvdata', null);
    yield* nvme_uninit_ctrl(ctrl);
  }
  yield* nvme_put_ctrl(ctrl);
  return error;
});
