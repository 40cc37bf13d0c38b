// SPDX-License-Identifier: GPL-2.0-only
import { atomic_set, dev_err, E, kfn, store, type Steps } from '@libmultipath/driver-kit';
import { ANA_DESCRIPTOR_BYTES, ANA_HEADER_BYTES } from './ana-log.js';
import { nvme_mpath_stop, nvme_read_ana_log } from './ana.js';
import { NVME_CTRL_CMIC_ANA } from './constants.js';
import type { nvme_ctrl } from './nvme-ctrl.js';
import { nvme_init_subsystem, subsystem_of } from './nvme-subsystem.js';

const NSID_BYTES = 4;

/** Kernel: nvme_mpath_uninit(), all versions. */
function* nvme_mpath_uninit({ ana }: nvme_ctrl): Steps<void> {
  if (ana === null) return;
  yield* store(ana, 'ana_log_buf', null);
  ana.ana_log_size = 0;
}

/** Up to 6.10: there is nothing to count. Part of nvme_mpath_init_identify(). */
export function* reset_nr_active_6_1(): Steps<void> {}

/** Only of a subsystem with ANA: elsewhere the count outlives a reset. Part of nvme_mpath_init_identify(), 6.12 to 7.3. */
export const reset_nr_active_6_11 = (ctrl: nvme_ctrl): Steps<void> => atomic_set(ctrl.nr_active, 0);

/**
 * Learns whether the controller has ANA, and reads its log page for the first time.
 * Kernel: nvme_mpath_init_identify(), all versions. Context: may sleep.
 * @returns 0; -EINVAL; a positive status: there is no ANA then, and the controller is used all the same
 */
export const nvme_mpath_init_identify = kfn('nvme_mpath_init_identify', function* (ctrl: nvme_ctrl): Steps<number> {
  const { ana, core } = ctrl;
  if (ana === null || core.mpath.update_ns_ana_state === undefined) return 0;
  if (!core.multipath || (subsystem_of(ctrl).cmic & NVME_CTRL_CMIC_ANA) === 0) return 0;
  yield* core.parts.reset_nr_active(ctrl);
  const { mnan, nn, anatt, anagrpmax, nanagrpid, mdtsBytes } = ctrl.slot.identity;
  if (mnan === 0 || mnan > nn) {
    dev_err(ctrl.device, `Invalid MNAN value ${String(mnan)}`);
    return -E.EINVAL;
  }
  ana.anatt = anatt;
  ana.anagrpmax = anagrpmax;
  ana.nanagrpid = nanagrpid;
  const size = ANA_HEADER_BYTES + nanagrpid * ANA_DESCRIPTOR_BYTES + mnan * NSID_BYTES;
  if (size > mdtsBytes) {
    dev_err(ctrl.device, `ANA log page size (${String(size)}) larger than MDTS (${String(mdtsBytes)}).`);
    dev_err(ctrl.device, 'disabling ANA support.');
    yield* nvme_mpath_uninit(ctrl);
    return 0;
  }
  if (size > ana.ana_log_size) {
    yield* nvme_mpath_stop(ctrl);
    yield* nvme_mpath_uninit(ctrl);
    yield* store(ana, 'ana_log_buf', 'buffer');
  }
  ana.ana_log_size = size;
  const error = yield* nvme_read_ana_log(ctrl);
  if (error !== 0) yield* nvme_mpath_uninit(ctrl);
  return error;
});

/**
 * Identify, and the subsystem the first time.
 * Kernel: nvme_init_ctrl_finish() with nvme_init_identify(), all versions. Context: may sleep. @returns 0 or -errno
 */
export const nvme_init_ctrl_finish = kfn('nvme_init_ctrl_finish', function* (ctrl: nvme_ctrl): Steps<number> {
  if (!ctrl.identified) {
    const error = yield* nvme_init_subsystem(ctrl);
    if (error !== 0) return error;
  }
  const error = yield* nvme_mpath_init_identify(ctrl);
  if (error < 0) return error;
  ctrl.identified = true;
  return 0;
});
