// SPDX-License-Identifier: GPL-2.0-only
import {
  clear_bit,
  in_module,
  MPATH_HEAD_DISK_LIVE,
  test_bit,
  store_access_state,
  type LibV3,
  type mpath_device,
  type mpath_head_template,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_NS_READY } from '../../environment/constants.js';
import { identify_nuse } from '../../environment/ns-attributes.js';
import { access_state_of } from '../access-state.js';
import { head_groups } from '../attributes.js';
import { features_of_base } from '../base.js';
import type { HeadParts, NvmeConversion, PathParts, RemovalParts, SysfsParts } from '../library.js';
import { clear_subsystem_paths, clears_after_any_store, mpath_iopolicy_of } from '../policy.js';
import { head_diag } from './diag.js';
import { head_from, nvme_mpath_to_ns_head, nvme_ns_head } from './nvme-ns-head.js';
import { ns_from, nvme_mpath_to_ns, nvme_ns } from './nvme-ns.js';
import { v3Parts, type V3Parts } from './parts.js';
import { make_template } from './template.js';
import { omissible, without } from '../without.js';

/** Kernel: nvme_alloc_ns_head(), nvme_mpath_alloc_disk(), nvme_free_ns_head(), NVMe v3. */
const head_parts = (lib: LibV3, nvme: () => NvmeConversion, parts: V3Parts): HeadParts => {
  const free = (head: nvme_ns_head): Steps<void> => parts.free_ns_head(lib, head);
  const mpdt: mpath_head_template = make_template(lib, nvme, {
    cdev_reference: parts.cdev_reference(lib, free),
    ioctl_pair: parts.ioctl_pair,
    ana_state: parts.ana_state,
  });
  return {
    new_ns: (ctrl, info) => new nvme_ns(lib, ctrl, info.media),
    new_head: (subsys, info, instance) => new nvme_ns_head(lib, subsys, info.nsid, info.is_shared, instance),
    *init_head(head, ctrl, lacks) {
      const { mpath_head } = head_from(head);
      const init = lib.mpath_head_init(mpath_head);
      // THIS_MODULE, where the library asks for it, is of the code that calls; who stores it himself overwrites that.
      const careless = lacks.includes('drv_module');
      const error = yield* careless ? in_module(ctrl.core.this_module, 'nvme_alloc_ns_head', init) : init;
      if (error !== 0) return error;
      if (!careless) mpath_head.drv_module = ctrl.core.this_module;
      mpath_head.disk_groups = head_groups(nvme(), head);
      mpath_head.parent = head.subsys.dev;
      mpath_head.iopolicy = mpath_iopolicy_of(head.subsys);
      mpath_head.mpdt = without(mpdt, lacks);
      return 0;
    },
    alloc_disk: (head, ctrl) => lib.mpath_alloc_head_disk(head_from(head).mpath_head, ctrl.numa_node),
    undo_head: (head) => lib.mpath_put_head(head_from(head).mpath_head),
    free_ns_head: (head) => free(head_from(head)),
    serves: () => true,
    disk_of: (head) => head_from(head).mpath_head.disk,
    requeue_list: (head) => head_from(head).mpath_head,
    head_of_disk: (disk) => {
      const mpath_head = lib.is_mpath_disk(disk) ? lib.mpath_gendisk_to_head(disk) : null;
      return mpath_head === null ? undefined : nvme_mpath_to_ns_head(mpath_head);
    },
  };
};

/** The path waits for its own update. Callback of mpath_revalidate_paths(), inside the head's SRCU section. */
const not_ready = (dev: mpath_device): Steps<void> => clear_bit(NVME_NS_READY, nvme_mpath_to_ns(dev), 'flags');

const path_parts = (lib: LibV3, parts: V3Parts): PathParts => ({
  *add_ns(ns, head) {
    const { mpath_device, ctrl, disk } = ns_from(ns);
    yield* parts.initial_access_state(mpath_device);
    yield* lib.mpath_add_device(mpath_device, head_from(head).mpath_head, disk, ctrl.numa_node, ctrl.nr_active);
  },
  delete_ns: (ns) => lib.mpath_delete_device(ns_from(ns).mpath_device),
  is_empty: (head) => lib.mpath_head_devices_empty(head_from(head).mpath_head),
  synchronize: (head) => lib.mpath_synchronize(head_from(head).mpath_head),
  clear_current_path: (ns) => lib.mpath_clear_current_path(ns_from(ns).mpath_device),
  kick: (head) => lib.mpath_schedule_requeue_work(head_from(head).mpath_head),
  revalidate_paths: (head) => lib.mpath_revalidate_paths(head_from(head).mpath_head, not_ready),
  set_access_state: (ns, ana_state) => store_access_state(lib, ns_from(ns).mpath_device, access_state_of(ana_state)),
  set_live: (ns) => lib.mpath_device_set_live(ns_from(ns).mpath_device),
  is_disk_live: (head) => test_bit(MPATH_HEAD_DISK_LIVE, head_from(head).mpath_head, 'flags'),
  add_sysfs_link: (head) => lib.mpath_add_sysfs_link(head_from(head).mpath_head),
  remove_sysfs_link: (ns) => lib.mpath_remove_sysfs_link(ns_from(ns).mpath_device),
});

const removal_parts = (lib: LibV3, nvme: () => NvmeConversion, parts: V3Parts): RemovalParts => ({
  queue_if_no_path: (head) => lib.mpath_head_queue_if_no_path(head_from(head).mpath_head),
  can_remove_head: (head) => lib.mpath_can_remove_head(head_from(head).mpath_head),
  remove_disk: (head) => lib.mpath_remove_disk(head_from(head).mpath_head),
  unlink_ns: (ns) => parts.unlink_ns(nvme(), ns),
});

const sysfs_parts = (lib: LibV3, nvme: () => NvmeConversion, parts: V3Parts): SysfsParts => ({
  attr_group: lib.mpath_attr_group,
  qd_iopolicy: lib.mpath_qd_iopolicy,
  iopolicy_show: lib.mpath_iopolicy_show,
  set_iopolicy: lib.mpath_set_iopolicy,
  iopolicy_store: clears_after_any_store(lib.mpath_iopolicy_store, (subsys) => clear_subsystem_paths(nvme(), subsys)),
  numa_nodes_show: (ns) => lib.mpath_numa_nodes_show(ns_from(ns).mpath_device),
  delayed_removal_secs_show: (head) => lib.mpath_delayed_removal_secs_show(head_from(head).mpath_head),
  delayed_removal_secs_store: (head, buf) => lib.mpath_delayed_removal_secs_store(head_from(head).mpath_head, buf),
  head_nuse: (head) =>
    lib.mpath_call_for_device(head_from(head).mpath_head, (dev) => {
      const { ctrl } = nvme_mpath_to_ns(dev);
      return identify_nuse(ctrl, head.ns_id);
    }),
  head_diag: (head) => head_diag(head_from(head).mpath_head, parts.head_of_diag),
});

/**
 * NVMe over v3 of the library, or over something made of its parts: posted 3 July 2026, on 7.2-rc1.
 * @param parts where a remedy of the driver's own may put something else
 */
export const conversionV3 = (lib: LibV3, parts: V3Parts = v3Parts, revision = lib.revision): NvmeConversion => {
  const self = (): NvmeConversion => nvme;
  const nvme: NvmeConversion = {
    revision,
    omissible,
    lacks: [],
    ana_state: parts.ana_state,
    features: features_of_base('7.2', parts.base_without),
    mpath_init: () => {
      lib.mpath_init();
    },
    ...head_parts(lib, self, parts),
    ...path_parts(lib, parts),
    ...removal_parts(lib, self, parts),
    ...sysfs_parts(lib, self, parts),
  };
  return nvme;
};
