// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_read,
  checkTemplate,
  in_module,
  kfn,
  load,
  v2,
  type LibV2,
  type module,
  type mpath_iopolicy_e,
  type Steps,
} from '@libmultipath/driver-kit';
import { nvme_cdev_del } from '../../environment/nvme-cdev.js';
import { add_head_cdev } from '../cdev.js';
import { ioctl_holds_controller } from '../ioctl-pair.js';
import { remove_expired_head } from '../head-removal.js';
import type { NvmeConversion } from '../library.js';
import { make_cdev_ioctl, make_chr_uring } from '../passthrough.js';
import { make_path_state } from '../path-state.js';
import { mpath_iopolicy_of } from '../policy.js';
import { drvdata_of } from './nvme-ns-head.js';
import { nvme_mpath_to_ns } from './nvme-ns.js';

/** Kernel: nvme_mpath_get_iopolicy(), NVMe v2, callback `get_iopolicy`: through the driver's head, freed or not. */
export const make_get_iopolicy = (lib: LibV2) =>
  kfn('nvme_mpath_get_iopolicy', function* (mpath_head: v2.mpath_head): Steps<mpath_iopolicy_e> {
    const subsys = yield* load(yield* drvdata_of(mpath_head), 'subsys');
    return yield* lib.mpath_read_iopolicy(mpath_iopolicy_of(subsys));
  });

/** Kernel: nvme_mpath_remove_head(), NVMe v2, callback `remove_head`. Context: `mpath-wq`, no lock held. */
const make_remove_head = (nvme: () => NvmeConversion) =>
  kfn('nvme_mpath_remove_head', function* (mpath_head: v2.mpath_head): Steps<void> {
    yield* remove_expired_head(nvme(), yield* drvdata_of(mpath_head));
  });

/** What NVMe gives to the library. No `clone_bio`. Kernel: `mpdt`, NVMe v2. */
export const make_template = (lib: LibV2, nvme: () => NvmeConversion, text: module): v2.mpath_head_template => {
  const nvme_mpath_remove_head = make_remove_head(nvme);
  const mpdt: v2.mpath_head_template = {
    ...make_path_state(nvme_mpath_to_ns),
    get_nr_active: kfn('nvme_mpath_get_nr_active', (dev: v2.mpath_device): Steps<number> =>
      atomic_read(nvme_mpath_to_ns(dev).ctrl.nr_active),
    ),
    get_iopolicy: make_get_iopolicy(lib),
    remove_head: (head) => in_module(text, 'nvme_mpath_remove_head', nvme_mpath_remove_head(head)),
    add_cdev: kfn('nvme_mpath_add_cdev', function* (head: v2.mpath_head): Steps<number> {
      return yield* add_head_cdev(yield* drvdata_of(head), head, lib.mpath_chr_fops);
    }),
    del_cdev: kfn('nvme_mpath_del_cdev', ({ cdev, cdev_device }: v2.mpath_head): Steps<void> =>
      nvme_cdev_del(cdev, cdev_device),
    ),
    cdev_ioctl: make_cdev_ioctl(nvme_mpath_to_ns),
    ...make_chr_uring(nvme_mpath_to_ns),
    ...ioctl_holds_controller(nvme_mpath_to_ns),
  };
  checkTemplate({ ...mpdt }, v2.templateShape);
  return mpdt;
};
