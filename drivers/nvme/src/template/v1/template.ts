// SPDX-License-Identifier: GPL-2.0-only
import {
  checkTemplate,
  kfn,
  load,
  v1,
  type attribute_group,
  type LibV1,
  type mpath_iopolicy_e,
  type Steps,
} from '@libmultipath/driver-kit';
import { NVME_ANA_NONOPTIMIZED, NVME_ANA_OPTIMIZED } from '../../environment/constants.js';
import { nvme_cdev_del } from '../../environment/nvme-cdev.js';
import { path_may_come } from '../../environment/path-state.js';
import { add_head_cdev } from '../cdev.js';
import { make_chr_uring } from '../passthrough.js';
import { make_path_state } from '../path-state.js';
import { mpath_iopolicy_of } from '../policy.js';
import { drvdata_of } from './nvme-ns-head.js';
import { nvme_mpath_to_ns } from './nvme-ns.js';
import { disk_callbacks, make_ioctls, nvme_mpath_pr_ops } from './passthrough.js';

/** Kernel: nvme_mpath_get_access_state(), NVMe v1, callback `get_access_state`. */
const nvme_mpath_get_access_state = kfn(
  'nvme_mpath_get_access_state',
  function* (dev: v1.mpath_device): Steps<v1.mpath_access_state> {
    const ana_state = yield* load(nvme_mpath_to_ns(dev), 'ana_state');
    if (ana_state === NVME_ANA_OPTIMIZED) return v1.MPATH_STATE_OPTIMIZED;
    return ana_state === NVME_ANA_NONOPTIMIZED ? v1.MPATH_STATE_ACTIVE : v1.MPATH_STATE_INVALID;
  },
);

/** Kernel: nvme_mpath_available_path(), NVMe v1: the answer is in both, the value and what it wrote. */
const nvme_mpath_available_path = kfn(
  'nvme_mpath_available_path',
  function* (dev: v1.mpath_device, available: v1.bool_pointer): Steps<boolean> {
    available.value = yield* path_may_come(nvme_mpath_to_ns(dev).ctrl);
    return available.value;
  },
);

/** Kernel: nvme_mpath_get_iopolicy(), NVMe v1, callback `get_iopolicy`: through the driver's head, freed or not. */
const make_get_iopolicy = (lib: LibV1) =>
  kfn('nvme_mpath_get_iopolicy', function* (mpath_head: v1.mpath_head): Steps<mpath_iopolicy_e> {
    const subsys = yield* load(yield* drvdata_of(mpath_head), 'subsys');
    return yield* lib.mpath_read_iopolicy(mpath_iopolicy_of(subsys));
  });

/**
 * What NVMe gives to the library. No `clone_bio`. Kernel: `mpdt`, NVMe v1.
 * @param device_groups nvme_ns_attr_groups, as they show the head
 */
export const make_template = (lib: LibV1, device_groups: readonly attribute_group[]): v1.mpath_head_template => {
  const { is_disabled, is_optimized } = make_path_state(nvme_mpath_to_ns);
  const mpdt: v1.mpath_head_template = {
    available_path: nvme_mpath_available_path,
    is_disabled,
    is_optimized,
    get_access_state: nvme_mpath_get_access_state,
    get_iopolicy: make_get_iopolicy(lib),
    add_cdev: kfn('nvme_mpath_add_cdev', function* (head: v1.mpath_head): Steps<number> {
      return yield* add_head_cdev(yield* drvdata_of(head), head, lib.mpath_generic_chr_fops);
    }),
    del_cdev: kfn('nvme_mpath_del_cdev', ({ cdev, cdev_device }: v1.mpath_head): Steps<void> =>
      nvme_cdev_del(cdev, cdev_device),
    ),
    ...make_ioctls(lib),
    ...make_chr_uring(nvme_mpath_to_ns),
    ...disk_callbacks,
    pr_ops: nvme_mpath_pr_ops,
    device_groups,
  };
  checkTemplate({ ...mpdt }, v1.templateShape);
  return mpdt;
};
