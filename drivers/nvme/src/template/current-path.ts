// SPDX-License-Identifier: GPL-2.0-only
import { kfn, kobject_uevent, READ_ONCE, type Steps } from '@libmultipath/driver-kit';
import { NVME_CTRL_LIVE } from '../environment/constants.js';
import { for_each_ns } from '../environment/for-each-ns.js';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import { head_of } from '../environment/nvme-ns.js';
import type { NvmeConversion } from './library.js';
import { path_of } from './nvme-ns.js';

/** Kernel: nvme_mpath_clear_ctrl_paths(), NVMe v1 to v3. Context: may sleep. */
export const nvme_mpath_clear_ctrl_paths = kfn(
  'nvme_mpath_clear_ctrl_paths',
  function* (nvme: NvmeConversion, ctrl: nvme_ctrl): Steps<void> {
    yield* for_each_ns(ctrl, function* (path) {
      const ns = path_of(path);
      yield* nvme.clear_current_path(ns);
      yield* nvme.kick(head_of(ns));
    });
  },
);

/** Kernel: nvme_kick_requeue_lists(), NVMe v1 to v3. Context: may sleep. */
export const nvme_kick_requeue_lists = kfn(
  'nvme_kick_requeue_lists',
  function* (nvme: NvmeConversion, ctrl: nvme_ctrl): Steps<void> {
    yield* for_each_ns(ctrl, function* (ns) {
      const head = head_of(path_of(ns));
      const disk = nvme.disk_of(head);
      if (disk === null) return;
      yield* nvme.kick(head);
      if ((yield* READ_ONCE(ctrl, 'state')) === NVME_CTRL_LIVE) kobject_uevent(disk.device.kobj, 'change');
    });
  },
);
