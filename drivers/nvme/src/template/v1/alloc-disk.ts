// SPDX-License-Identifier: GPL-2.0-only
import {
  delayed_work,
  E,
  kfn,
  libV1,
  module_put,
  type attribute_group,
  type Steps,
  type v1,
} from '@libmultipath/driver-kit';
import type { nvme_ctrl } from '../../environment/nvme-ctrl.js';
import { remove_expired_head } from '../head-removal.js';
import type { NvmeConversion } from '../library.js';
import { drvdata_of, type nvme_ns_head } from './nvme-ns-head.js';
import { make_template } from './template.js';
import { without } from '../without.js';

/**
 * The driver's own work. It puts a reference on the module that nobody took: the library takes one of
 * `drv_module`, which the driver does not set.
 * Kernel: nvme_remove_head_work(), NVMe v1. Context: `mpath-wq`.
 */
const make_remove_head_work = (nvme: () => NvmeConversion) =>
  kfn('nvme_remove_head_work', function* (mpath_head: v1.mpath_head): Steps<void> {
    const head = yield* drvdata_of(mpath_head);
    const { this_module } = head.subsys.core;
    yield* remove_expired_head(nvme(), head);
    yield* module_put(this_module);
  });

/**
 * First the library's disk, then the library's head. Without memory for the second the first is put, which has no
 * head to follow.
 * Kernel: nvme_mpath_alloc_disk(), NVMe v1. Context: may sleep, `subsys->lock` held. @returns 0 or -errno
 */
export const alloc_disk = (nvme: () => NvmeConversion) => {
  const nvme_remove_head_work = make_remove_head_work(nvme);
  return function* (
    head: nvme_ns_head,
    ctrl: nvme_ctrl,
    groups: readonly attribute_group[],
    lacks: readonly string[],
  ): Steps<number> {
    const mpath_disk = yield* libV1.mpath_alloc_head_disk(ctrl.numa_node);
    if (mpath_disk === null) return -E.ENOMEM;
    const mpath_head = yield* libV1.mpath_alloc_head();
    if (typeof mpath_head === 'number') {
      yield* libV1.mpath_put_disk(mpath_disk);
      return mpath_head;
    }
    mpath_head.drvdata = head;
    head.mpath_disk = mpath_disk;
    mpath_disk.mpath_head = mpath_head;
    mpath_disk.parent = head.subsys.dev;
    mpath_head.mpdt = without(make_template(libV1, groups), lacks);
    mpath_head.remove_work = new delayed_work(mpath_head, () => nvme_remove_head_work(mpath_head), 'remove_work', {
      owner: ctrl.core.this_module,
    });
    return 0;
  };
};
