// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_is_partition,
  BLK_OPEN_WRITE,
  FMODE_WRITE,
  kfn,
  load,
  type blk_mode_t,
  type block_device,
  type LibV1,
  type Steps,
  type v1,
} from '@libmultipath/driver-kit';
import { nvme_get_ctrl, nvme_put_ctrl } from '../../environment/ctrl-reference.js';
import { NVME_IOCTL_PARTITION } from '../../passthrough/allowed.js';
import { nvme_ns_get_unique_id, nvme_ns_report_zones } from '../../passthrough/disk-methods.js';
import { nvme_ctrl_ioctl, nvme_ns_ioctl } from '../../passthrough/ns-ioctl.js';
import { is_ctrl_ioctl } from '../../passthrough/numbers.js';
import { ns_pr } from '../../passthrough/pr.js';
import { has_disk } from './with-disk.js';
import { head_of } from '../../environment/nvme-ns.js';
import { nvme_mpath_to_ns, type nvme_ns } from './nvme-ns.js';

/**
 * Leaves the read section itself, early for the controller's ioctls: those may delete namespaces. What they need of
 * the path is read before.
 * Part of nvme_mpath_bdev_ioctl() and nvme_mpath_cdev_ioctl(), NVMe v1.
 */
function* ioctl_and_unlock(
  lib: LibV1,
  ns: nvme_ns,
  cmd: number,
  arg: unknown,
  flags: number,
  open_for_write: boolean,
  srcu_idx: number,
): Steps<number> {
  const { mpath_head } = has_disk(head_of({ head: yield* load(ns, 'head') }));
  if (is_ctrl_ioctl(cmd)) {
    const ctrl = yield* load(ns, 'ctrl');
    yield* nvme_get_ctrl(ctrl);
    yield* lib.mpath_head_read_unlock(mpath_head, srcu_idx);
    // The posted code reads the path's pointer once more here.
    const result = yield* nvme_ctrl_ioctl(yield* load(ns, 'ctrl'), cmd, arg, open_for_write);
    yield* nvme_put_ctrl(ctrl);
    return result;
  }
  const result = yield* nvme_ns_ioctl(ns, cmd, arg, flags, open_for_write);
  yield* lib.mpath_head_read_unlock(mpath_head, srcu_idx);
  return result;
}

/** Callbacks `bdev_ioctl` and `cdev_ioctl`: NVMe v1, patch 7. */
export const make_ioctls = (lib: LibV1): Required<Pick<v1.mpath_head_template, 'bdev_ioctl' | 'cdev_ioctl'>> => ({
  bdev_ioctl: kfn(
    'nvme_mpath_bdev_ioctl',
    (
      bdev: block_device,
      dev: v1.mpath_device,
      mode: blk_mode_t,
      cmd: number,
      arg: unknown,
      srcu_idx: number,
    ): Steps<number> => {
      const flags = bdev_is_partition(bdev) ? NVME_IOCTL_PARTITION : 0;
      return ioctl_and_unlock(lib, nvme_mpath_to_ns(dev), cmd, arg, flags, (mode & BLK_OPEN_WRITE) !== 0, srcu_idx);
    },
  ),
  cdev_ioctl: kfn(
    'nvme_mpath_cdev_ioctl',
    (
      _head: v1.mpath_head,
      dev: v1.mpath_device,
      mode: number,
      cmd: number,
      arg: unknown,
      srcu_idx: number,
    ): Steps<number> => ioctl_and_unlock(lib, nvme_mpath_to_ns(dev), cmd, arg, 0, (mode & FMODE_WRITE) !== 0, srcu_idx),
  ),
});

/** Kernel: nvme_mpath_pr_ops, NVMe v1: each operation once more, for a path instead of a block device. */
export const nvme_mpath_pr_ops: Required<v1.mpath_pr_ops> = {
  pr_register: kfn('nvme_mpath_pr_register', (dev, old_key, new_key, flags) =>
    ns_pr.register(nvme_mpath_to_ns(dev), old_key, new_key, flags),
  ),
  pr_reserve: kfn('nvme_mpath_pr_reserve', (dev, key, type, flags) =>
    ns_pr.reserve(nvme_mpath_to_ns(dev), key, type, flags),
  ),
  pr_release: kfn('nvme_mpath_pr_release', (dev, key, type) => ns_pr.release(nvme_mpath_to_ns(dev), key, type)),
  pr_preempt: kfn('nvme_mpath_pr_preempt', (dev, old_key, new_key, type) =>
    ns_pr.preempt(nvme_mpath_to_ns(dev), old_key, new_key, type),
  ),
  pr_clear: kfn('nvme_mpath_pr_clear', (dev, key) => ns_pr.clear(nvme_mpath_to_ns(dev), key)),
  pr_read_keys: kfn('nvme_mpath_pr_read_keys', (dev, keys) => ns_pr.read_keys(nvme_mpath_to_ns(dev), keys)),
  pr_read_reservation: kfn('nvme_mpath_pr_read_reservation', (dev, held) =>
    ns_pr.read_reservation(nvme_mpath_to_ns(dev), held),
  ),
};

/** Callbacks `report_zones` and `get_unique_id`, NVMe v1. */
export const disk_callbacks: Required<Pick<v1.mpath_head_template, 'report_zones' | 'get_unique_id'>> = {
  report_zones: kfn('nvme_mpath_report_zones', (dev, sector, nr_zones, args) =>
    nvme_ns_report_zones(nvme_mpath_to_ns(dev), sector, nr_zones, args),
  ),
  get_unique_id: kfn('nvme_mpath_get_unique_id', (dev, id, type) =>
    nvme_ns_get_unique_id(nvme_mpath_to_ns(dev), id, type),
  ),
};
