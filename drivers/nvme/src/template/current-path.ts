// SPDX-License-Identifier: GPL-2.0-only
import {
  clear_bit,
  kfn,
  kobject_uevent,
  READ_ONCE,
  type LibV3,
  type mpath_device,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_CTRL_LIVE, NVME_NS_READY } from '../environment/constants.js';
import { for_each_ns } from '../environment/for-each-ns.js';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import { head_of } from '../environment/nvme-ns.js';
import { container_of_device, path_of, type nvme_ns } from './nvme-ns.js';

/** Kernel: nvme_mpath_clear_ctrl_paths(), NVMe v3. Context: may sleep. */
export const nvme_mpath_clear_ctrl_paths = kfn(
  'nvme_mpath_clear_ctrl_paths',
  function* (lib: LibV3, ctrl: nvme_ctrl): Steps<void> {
    yield* for_each_ns(ctrl, function* (path) {
      const ns = path_of(path);
      yield* lib.mpath_clear_current_path(ns.mpath_device);
      yield* lib.mpath_schedule_requeue_work(head_of(ns).mpath_head);
    });
  },
);

/** Kernel: nvme_kick_requeue_lists(), NVMe v3. Context: may sleep. */
export const nvme_kick_requeue_lists = kfn(
  'nvme_kick_requeue_lists',
  function* (lib: LibV3, ctrl: nvme_ctrl): Steps<void> {
    yield* for_each_ns(ctrl, function* (ns) {
      const { mpath_head } = head_of(path_of(ns));
      if (mpath_head.disk === null) return;
      yield* lib.mpath_schedule_requeue_work(mpath_head);
      if ((yield* READ_ONCE(ctrl, 'state')) === NVME_CTRL_LIVE) kobject_uevent(mpath_head.disk.device.kobj, 'change');
    });
  },
);

/** The path waits for its own update. Callback of mpath_revalidate_paths(), inside the head's SRCU section. */
const not_ready = (dev: mpath_device): Steps<void> => clear_bit(NVME_NS_READY, container_of_device(dev), 'flags');

/** Paths are looked at again, with the head's new size. Part of nvme_update_ns_info(), NVMe v3. Context: may sleep. */
export const revalidate_paths = (lib: LibV3, ns: nvme_ns): Steps<void> =>
  lib.mpath_revalidate_paths(head_of(ns).mpath_head, not_ready);
