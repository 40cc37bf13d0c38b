// SPDX-License-Identifier: GPL-2.0-only
import {
  clear_bit,
  ida_free,
  kfn,
  kfree,
  libV2,
  MPATH_HEAD_DISK_LIVE,
  store,
  test_bit,
  type Steps,
  type v2,
} from '@libmultipath/driver-kit';
import { NVME_NS_READY } from '../../environment/constants.js';
import { head_of } from '../../environment/nvme-ns.js';
import { nvme_put_subsystem } from '../../environment/nvme-subsystem.js';
import { identify_nuse } from '../../environment/ns-attributes.js';
import { plain_ana_state } from '../../environment/ana-state.js';
import { access_state_of } from '../access-state.js';
import { head_groups } from '../attributes.js';
import { features_of_base } from '../base.js';
import { nvme_put_ns_head } from '../head-reference.js';
import type { HeadParts, NvmeConversion, PathParts, RemovalParts, SysfsParts } from '../library.js';
import { unlink_ns } from '../path-removal.js';
import { clear_subsystem_paths, clears_after_any_store, mpath_iopolicy_of } from '../policy.js';
import { head_from, mpath_head_of, nvme_ns_head } from './nvme-ns-head.js';
import { ns_from, nvme_mpath_to_ns, nvme_ns } from './nvme-ns.js';
import { make_template } from './template.js';
import { omissible, without } from '../without.js';

const self = (): NvmeConversion => conversionV2;

/**
 * Openers keep the library's head, and nobody waits for them: it loses its driver's head here.
 * Kernel: nvme_free_ns_head(), NVMe v2. Context: may sleep.
 */
const nvme_free_ns_head = kfn('nvme_free_ns_head', function* (head: nvme_ns_head): Steps<void> {
  const { subsys } = head;
  const mpath_head = mpath_head_of(head);
  yield* libV2.mpath_put_disk(mpath_head);
  yield* ida_free(subsys.ns_ida, head.instance);
  yield* libV2.mpath_put_head(mpath_head);
  yield* nvme_put_subsystem(subsys);
  yield* kfree(head);
});

/** Kernel: nvme_alloc_ns_head(), nvme_mpath_alloc_disk(), NVMe v2. */
const headParts: HeadParts = {
  new_ns: (ctrl, info) => new nvme_ns(ctrl, info.media),
  new_head: (subsys, info, instance) => new nvme_ns_head(subsys, info.nsid, info.is_shared, instance),
  *init_head(head, { core: { this_module } }, lacks) {
    const made = yield* libV2.mpath_alloc_head();
    if (typeof made === 'number') return made;
    made.drvdata = head;
    if (!lacks.includes('drv_module')) made.drv_module = this_module;
    made.disk_groups = head_groups(self(), head);
    made.parent = head.subsys.dev;
    made.mpdt = without(make_template(libV2, self, this_module), lacks);
    head_from(head).mpath_head = made;
    return 0;
  },
  alloc_disk: (head, ctrl) => libV2.mpath_alloc_head_disk(mpath_head_of(head), ctrl.numa_node),
  undo_head: (head) => libV2.mpath_put_head(mpath_head_of(head)),
  free_ns_head: (head) => nvme_free_ns_head(head_from(head)),
  serves: () => true,
  disk_of: (head) => mpath_head_of(head).disk,
  requeue_list: (head) => mpath_head_of(head),
  head_of_disk: (disk) => {
    const drvdata = libV2.is_mpath_disk(disk) ? libV2.mpath_gendisk_to_head(disk)?.drvdata : null;
    return drvdata instanceof nvme_ns_head ? drvdata : undefined;
  },
};

/** The path waits for its own update. Callback of mpath_revalidate_paths(), inside the head's SRCU section. */
const not_ready = (dev: v2.mpath_device): Steps<void> => clear_bit(NVME_NS_READY, nvme_mpath_to_ns(dev), 'flags');

const pathParts: PathParts = {
  *add_ns(ns, head) {
    const { mpath_device } = ns_from(ns);
    yield* store(mpath_device, 'disk', ns.disk);
    yield* store(mpath_device, 'numa_node', ns.ctrl.numa_node);
    yield* libV2.mpath_add_device(mpath_head_of(head), mpath_device);
  },
  delete_ns: (ns) => libV2.mpath_delete_device(ns_from(ns).mpath_device),
  is_empty: (head) => libV2.mpath_head_devices_empty(mpath_head_of(head)),
  synchronize: (head) => libV2.mpath_synchronize(mpath_head_of(head)),
  clear_current_path: (ns) => libV2.mpath_clear_current_path(ns_from(ns).mpath_device),
  kick: (head) => libV2.mpath_schedule_requeue_work(mpath_head_of(head)),
  revalidate_paths: (head) => libV2.mpath_revalidate_paths(mpath_head_of(head), not_ready),
  set_access_state: (ns, ana_state) => store(ns_from(ns).mpath_device, 'access_state', access_state_of(ana_state)),
  set_live: (ns) => libV2.mpath_device_set_live(ns_from(ns).mpath_device),
  is_disk_live: (head) => test_bit(MPATH_HEAD_DISK_LIVE, mpath_head_of(head), 'flags'),
  add_sysfs_link: (head) => libV2.mpath_add_sysfs_link(mpath_head_of(head)),
  remove_sysfs_link: (ns) => libV2.mpath_remove_sysfs_link(ns_from(ns).mpath_device),
};

const removalParts: RemovalParts = {
  queue_if_no_path: (head) => libV2.mpath_head_queue_if_no_path(mpath_head_of(head)),
  can_remove_head: (head) => libV2.mpath_can_remove_head(mpath_head_of(head)),
  remove_disk: (head) => libV2.mpath_remove_disk(mpath_head_of(head)),
  unlink_ns: (ns) => unlink_ns(self(), ns, nvme_put_ns_head),
};

const sysfsParts: SysfsParts = {
  attr_group: libV2.mpath_attr_group,
  qd_iopolicy: libV2.mpath_qd_iopolicy,
  iopolicy_show: libV2.mpath_iopolicy_show,
  set_iopolicy: libV2.mpath_set_iopolicy,
  iopolicy_store: clears_after_any_store(libV2.mpath_iopolicy_store, (subsys) => clear_subsystem_paths(self(), subsys)),
  numa_nodes_show: (ns) => libV2.mpath_numa_nodes_show(ns_from(ns).mpath_device, mpath_iopolicy_of(head_of(ns).subsys)),
  delayed_removal_secs_show: (head) => libV2.mpath_delayed_removal_secs_show(mpath_head_of(head)),
  delayed_removal_secs_store: (head, buf) => libV2.mpath_delayed_removal_secs_store(mpath_head_of(head), buf),
  head_nuse: (head) =>
    libV2.mpath_call_for_device(mpath_head_of(head), (dev) => {
      const { ctrl } = nvme_mpath_to_ns(dev);
      return identify_nuse(ctrl, head.ns_id);
    }),
  // Its base has no counters, and neither has the library.
  head_diag: () => ({}),
};

/**
 * NVMe over v2 of the library, posted 28 April 2026 on nvme-7.1. Its last patch could not be read: what stands
 * here follows its cover letter and its twelve others, the tree between v1 and v2, and v3.
 */
export const conversionV2: NvmeConversion = {
  revision: libV2.revision,
  omissible,
  lacks: [],
  ana_state: plain_ana_state,
  features: features_of_base('7.1', ['failed-probe-waits-for-readers']),
  mpath_init: () => {
    libV2.mpath_init();
  },
  ...headParts,
  ...pathParts,
  ...removalParts,
  ...sysfsParts,
};
