// SPDX-License-Identifier: GPL-2.0-only
import {
  clear_bit,
  get_capacity,
  ida_free,
  kblockd_schedule_work,
  kfn,
  kfree,
  libV1,
  load,
  MPATH_HEAD_DISK_LIVE,
  store,
  test_bit,
  type Steps,
  type v1,
} from '@libmultipath/driver-kit';
import { plain_ana_state } from '../../environment/ana-state.js';
import { NVME_NS_READY } from '../../environment/constants.js';
import { identify_nuse } from '../../environment/ns-attributes.js';
import { head_of } from '../../environment/nvme-ns.js';
import { nvme_put_subsystem } from '../../environment/nvme-subsystem.js';
import { head_groups } from '../attributes.js';
import { features_of_base } from '../base.js';
import { nvme_mpath_remove_disk } from '../head-removal.js';
import type { HeadParts, NvmeConversion, PathParts, RemovalParts, SysfsParts } from '../library.js';
import { unlink_ns } from '../path-removal.js';
import { clear_subsystem_paths, mpath_iopolicy_of } from '../policy.js';
import { alloc_disk } from './alloc-disk.js';
import { head_from, mpath_head_of, nvme_ns_head } from './nvme-ns-head.js';
import { nvme_mpath_to_ns, nvme_ns, ns_from } from './nvme-ns.js';
import { has_disk, with_disk } from './with-disk.js';

const self = (): NvmeConversion => conversionV1;

function* nothing(): Steps<void> {}

/** The library's two objects have gone their own ways. Kernel: nvme_free_ns_head(), NVMe v1. Context: may sleep. */
const nvme_free_ns_head = kfn('nvme_free_ns_head', function* (head: nvme_ns_head): Steps<void> {
  const { subsys } = head;
  yield* ida_free(subsys.ns_ida, head.instance);
  yield* nvme_put_subsystem(subsys);
  yield* kfree(head);
});

const allocDisk = alloc_disk(self);

/** Kernel: nvme_alloc_ns_head(), nvme_mpath_alloc_disk(), NVMe v1. */
const headParts: HeadParts = {
  new_ns: (ctrl, info) => new nvme_ns(ctrl, info.media),
  new_head: (subsys, info, instance) => new nvme_ns_head(subsys, info.nsid, info.is_shared, instance),
  *init_head() {
    return 0;
  },
  alloc_disk: (head, ctrl, lacks) => allocDisk(head_from(head), ctrl, head_groups(self(), head), lacks),
  undo_head: nothing,
  free_ns_head: (head) => nvme_free_ns_head(head_from(head)),
  serves: (head) => head_from(head).mpath_disk !== null,
  disk_of: (head) => head_from(head).mpath_disk?.disk ?? null,
  requeue_list: (head) => {
    const { mpath_disk, mpath_head } = has_disk(head);
    return { disk: mpath_disk.disk, requeue_lock: mpath_head.requeue_lock, requeue_list: mpath_head.requeue_list };
  },
  head_of_disk: (disk) => {
    const mpath_disk = libV1.is_mpath_head(disk) ? libV1.mpath_gendisk_to_disk(disk) : null;
    const drvdata = mpath_disk?.mpath_head?.drvdata;
    return drvdata instanceof nvme_ns_head ? drvdata : undefined;
  },
};

/** Callback of mpath_revalidate_paths(), for every path. Kernel: nvme_mpath_revalidate_paths_cb(), NVMe v1. */
const not_ready_if_other = kfn(
  'nvme_mpath_revalidate_paths_cb',
  function* (dev: v1.mpath_device, capacity: number): Steps<void> {
    const ns = nvme_mpath_to_ns(dev);
    if (capacity !== (yield* get_capacity(ns.disk))) yield* clear_bit(NVME_NS_READY, ns, 'flags');
  },
);

/** The count goes up and down with or without multipath, under `subsys->lock`. */
function* count(head: nvme_ns_head, by: number): Steps<number> {
  const ns_count = (yield* load(head, 'ns_count')) + by;
  yield* store(head, 'ns_count', ns_count);
  return ns_count;
}

const pathParts: PathParts = {
  *add_ns(ns, head) {
    const { mpath_device } = ns_from(ns);
    yield* count(head_from(head), 1);
    const mpath_head = mpath_head_of(head);
    if (mpath_head === null) return;
    yield* store(mpath_device, 'disk', ns.disk);
    yield* libV1.mpath_add_device(mpath_head, mpath_device);
  },
  *delete_ns(ns) {
    const head = head_from(head_of(ns));
    const mpath_head = mpath_head_of(head);
    if (mpath_head !== null) yield* libV1.mpath_delete_device(mpath_head, ns_from(ns).mpath_device);
    return (yield* count(head, -1)) === 0;
  },
  *is_empty(head) {
    return (yield* load(head_from(head), 'ns_count')) === 0;
  },
  synchronize: with_disk(({ mpath_head }) => libV1.mpath_synchronize(mpath_head)),
  *clear_current_path(ns) {
    const mpath_head = mpath_head_of(head_of(ns));
    return mpath_head !== null && (yield* libV1.mpath_clear_current_path(mpath_head, ns_from(ns).mpath_device));
  },
  kick: with_disk(function* ({ mpath_head }) {
    yield* kblockd_schedule_work(mpath_head.requeue_work);
  }),
  revalidate_paths: with_disk(({ mpath_disk }) => libV1.mpath_revalidate_paths(mpath_disk, not_ready_if_other)),
  // The library asks for it.
  set_access_state: nothing,
  *set_live(ns) {
    const { mpath_disk } = head_from(head_of(ns));
    if (mpath_disk !== null) yield* libV1.mpath_device_set_live(mpath_disk, ns_from(ns).mpath_device);
  },
  *is_disk_live(head) {
    const mpath_head = mpath_head_of(head);
    return mpath_head !== null && (yield* test_bit(MPATH_HEAD_DISK_LIVE, mpath_head, 'flags'));
  },
  add_sysfs_link: with_disk(({ mpath_disk }) => libV1.mpath_add_sysfs_link(mpath_disk)),
  *remove_sysfs_link(ns) {
    const { mpath_disk } = head_from(head_of(ns));
    if (mpath_disk !== null) yield* libV1.mpath_remove_sysfs_link(mpath_disk, ns_from(ns).mpath_device);
  },
};

const removalParts: RemovalParts = {
  *queue_if_no_path(head) {
    const mpath_head = mpath_head_of(head);
    return mpath_head !== null && (yield* libV1.mpath_head_queue_if_no_path(mpath_head));
  },
  can_remove_head: (head) => libV1.mpath_can_remove_head(has_disk(head).mpath_head),
  remove_disk: (head) => libV1.mpath_unregister_disk(has_disk(head).mpath_disk),
  unlink_ns: (ns) => unlink_ns(self(), ns, nvme_mpath_remove_disk),
};

const sysfsParts: SysfsParts = {
  attr_group: libV1.mpath_attr_group,
  qd_iopolicy: libV1.mpath_qd_iopolicy,
  iopolicy_show: libV1.mpath_iopolicy_show,
  set_iopolicy: libV1.mpath_set_iopolicy,
  // Lines for debugging that the update prints are left out.
  iopolicy_store: (subsys, policy, buf) =>
    libV1.mpath_iopolicy_store(policy, buf, (changed) => clear_subsystem_paths(self(), changed), subsys),
  numa_nodes_show: (ns) => {
    const head = head_of(ns);
    return libV1.mpath_numa_nodes_show(
      has_disk(head).mpath_head,
      ns_from(ns).mpath_device,
      mpath_iopolicy_of(head.subsys),
    );
  },
  delayed_removal_secs_show: (head) => libV1.mpath_delayed_removal_secs_show(has_disk(head).mpath_head),
  delayed_removal_secs_store: (head, buf) => libV1.mpath_delayed_removal_secs_store(has_disk(head).mpath_head, buf),
  head_nuse: (head) =>
    libV1.mpath_call_for_device(has_disk(head).mpath_head, (dev) => {
      const { ctrl } = nvme_mpath_to_ns(dev);
      return identify_nuse(ctrl, head.ns_id);
    }),
  // Its base has no counters, and neither has the library.
  head_diag: () => ({}),
};

/** NVMe over v1 of the library: posted 25 February 2026, on nvme-7.0. */
export const conversionV1: NvmeConversion = {
  revision: libV1.revision,
  // It never says its module, has a work of its own instead of `remove_head`, and no pair for ioctls.
  omissible: ['add_cdev'],
  lacks: [],
  ana_state: plain_ana_state,
  features: features_of_base('7.0', ['failed-probe-waits-for-readers']),
  mpath_init: () => {
    libV1.mpath_init();
  },
  ...headParts,
  ...pathParts,
  ...removalParts,
  ...sysfsParts,
};
