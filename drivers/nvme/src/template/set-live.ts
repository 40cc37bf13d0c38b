// SPDX-License-Identifier: GPL-2.0-only
import { kfn, MPATH_STATE_OPTIMIZED, store, type LibV3, type Steps } from '@libmultipath/driver-kit';
import { NVME_ANA_OPTIMIZED } from '../environment/constants.js';
import { trace_set_live } from '../environment/journal.js';
import type { nvme_ns } from './nvme-ns.js';

/**
 * A controller without ANA serves its namespaces from the start. Before this the path has the
 * access state of zeroed memory, which is OPTIMIZED too: once it is READY the library may
 * choose it.
 * Kernel: nvme_mpath_add_disk(), NVMe v3. Context: may sleep.
 */
export const nvme_mpath_add_disk = kfn('nvme_mpath_add_disk', function* (lib: LibV3, ns: nvme_ns): Steps<void> {
  yield* store(ns, 'ana_state', NVME_ANA_OPTIMIZED);
  yield* store(ns.mpath_device, 'access_state', MPATH_STATE_OPTIMIZED);
  yield* trace_set_live(ns.ctrl.core.journal);
  yield* lib.mpath_device_set_live(ns.mpath_device);
});
