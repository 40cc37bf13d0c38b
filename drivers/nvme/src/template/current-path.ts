// SPDX-License-Identifier: GPL-2.0-only
import {
  blk_mq_freeze_queue,
  blk_mq_unfreeze_queue,
  clear_bit,
  get_capacity,
  kfn,
  kobject_uevent,
  READ_ONCE,
  set_capacity_and_notify,
  type LibV3,
  type mpath_device,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_CTRL_LIVE, NVME_NS_READY } from '../environment/constants.js';
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import { for_each_ns } from './for-each-ns.js';
import { container_of_device, head_of, type nvme_ns } from './nvme-ns.js';

/** Kernel: nvme_mpath_clear_ctrl_paths(), NVMe v3. Context: may sleep. */
export const nvme_mpath_clear_ctrl_paths = kfn(
  'nvme_mpath_clear_ctrl_paths',
  function* (lib: LibV3, ctrl: nvme_ctrl): Steps<void> {
    yield* for_each_ns(ctrl, function* (ns) {
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
      const { mpath_head } = head_of(ns);
      if (mpath_head.disk === null) return;
      yield* lib.mpath_schedule_requeue_work(mpath_head);
      if ((yield* READ_ONCE(ctrl, 'state')) === NVME_CTRL_LIVE) kobject_uevent(mpath_head.disk.device.kobj, 'change');
    });
  },
);

/** The path waits for its own update. Callback of mpath_revalidate_paths(), inside the head's SRCU section. */
const not_ready = (dev: mpath_device): Steps<void> => clear_bit(NVME_NS_READY, container_of_device(dev), 'flags');

/**
 * The head takes the size of the path that was updated last, while nobody is inside its queue.
 * Second half of nvme_update_ns_info(), NVMe v3. Context: may sleep.
 */
export function* update_ns_head(lib: LibV3, ns: nvme_ns): Steps<void> {
  const { mpath_head } = head_of(ns);
  const { disk } = mpath_head;
  if (disk === null) return;
  yield* blk_mq_freeze_queue(disk.queue);
  yield* set_capacity_and_notify(disk, yield* get_capacity(ns.disk));
  yield* lib.mpath_revalidate_paths(mpath_head, not_ready);
  yield* blk_mq_unfreeze_queue(disk.queue);
}
