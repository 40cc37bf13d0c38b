// SPDX-License-Identifier: GPL-2.0-only
import { clear_bit, kfn, queue_work, READ_ONCE, set_bit, store, type Steps } from '@libmultipath/driver-kit';
import type { nvme_ana_group_desc } from '../environment/ana-parse.js';
import { lookup_ana_group, nvme_ctrl_use_ana } from '../environment/ana.js';
import {
  NVME_ANA_NONOPTIMIZED,
  NVME_ANA_OPTIMIZED,
  NVME_CTRL_LIVE,
  NVME_NS_ANA_PENDING,
} from '../environment/constants.js';
import { trace_set_live } from '../environment/journal.js';
import { head_of } from '../environment/nvme-ns.js';
import type { NvmeConversion } from './library.js';
import type { template_ns } from './nvme-ns.js';

/** Kernel: nvme_mpath_update_ana_state(), NVMe v2 and v3; a plain store in v1. */
export function* update_ana_state(nvme: NvmeConversion, ns: template_ns, ana_state: number): Steps<void> {
  yield* nvme.ana_state.write(ns, ana_state);
  yield* nvme.set_access_state(ns, ana_state);
}

/** mpath_device_set_live(), and the probe on it. Context: may sleep. */
export function* set_live(nvme: NvmeConversion, ns: template_ns): Steps<void> {
  yield* trace_set_live(ns.ctrl.core.journal);
  yield* nvme.set_live(ns);
}

const isLive = (ana_state: number): boolean => ana_state === NVME_ANA_OPTIMIZED || ana_state === NVME_ANA_NONOPTIMIZED;

/**
 * A group of the ANA log names the path. One that may take I/O goes live; another is linked, if the head's disk is
 * there, and nobody is woken and nothing forgotten for it.
 * Kernel: nvme_update_ns_ana_state(), NVMe v1 to v3. Context: may sleep, `ana_lock` held.
 */
export const nvme_update_ns_ana_state = kfn(
  'nvme_update_ns_ana_state',
  function* (nvme: NvmeConversion, ns: template_ns, desc: nvme_ana_group_desc): Steps<void> {
    const head = head_of(ns);
    yield* store(ns, 'ana_grpid', desc.grpid);
    yield* update_ana_state(nvme, ns, desc.state);
    yield* clear_bit(NVME_NS_ANA_PENDING, ns, 'flags');
    if (isLive(desc.state) && (yield* READ_ONCE(ns.ctrl, 'state')) === NVME_CTRL_LIVE) yield* set_live(nvme, ns);
    else if (yield* nvme.is_disk_live(head)) yield* nvme.add_sysfs_link(head);
  },
);

/**
 * With ANA the path has the state of its group, as the log page had it last; a group that is not there is waited for.
 * Without, it serves its namespace from the start. Before this the path of v2 and v3 has the access state of
 * zeroed memory, which is OPTIMIZED: once it is READY the library may choose it, whatever its group says.
 * Kernel: nvme_mpath_add_disk(), NVMe v1 to v3. Context: may sleep.
 */
export const nvme_mpath_add_disk = kfn(
  'nvme_mpath_add_disk',
  function* (nvme: NvmeConversion, ns: template_ns, anagrpid: number): Steps<void> {
    const { ctrl } = ns;
    const { ana, core } = ctrl;
    if (!nvme.serves(head_of(ns))) return;
    if (ana === null || !(yield* nvme_ctrl_use_ana(ctrl))) {
      yield* update_ana_state(nvme, ns, NVME_ANA_OPTIMIZED);
      yield* set_live(nvme, ns);
      return;
    }
    const desc = yield* lookup_ana_group(ctrl, ns, anagrpid);
    if (desc !== null) {
      yield* nvme_update_ns_ana_state(nvme, ns, desc);
      return;
    }
    yield* set_bit(NVME_NS_ANA_PENDING, ns, 'flags');
    yield* queue_work(core.nvme_wq, ana.ana_work);
  },
);
