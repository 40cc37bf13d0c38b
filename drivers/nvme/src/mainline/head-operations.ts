// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_is_partition,
  BLK_OPEN_WRITE,
  blkdev_compat_ptr_ioctl,
  E,
  kfn,
  srcu_read_lock,
  srcu_read_unlock,
  type blk_mode_t,
  type block_device,
  type block_device_operations,
  type pr_ops,
  type Steps,
} from '@libmultipath/driver-kit';
import { nvme_get_ctrl, nvme_put_ctrl } from '../environment/ctrl-reference.js';
import { NVME_IOCTL_PARTITION } from '../passthrough/allowed.js';
import { nvme_getgeo, nvme_ns_get_unique_id, nvme_ns_report_zones } from '../passthrough/disk-methods.js';
import { nvme_ctrl_ioctl, nvme_ns_ioctl } from '../passthrough/ns-ioctl.js';
import { is_ctrl_ioctl } from '../passthrough/numbers.js';
import { ns_pr } from '../passthrough/pr.js';
import type { nvme_ns } from './nvme-ns.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/**
 * Calls with the path that a bio would take, inside the head's SRCU section: nobody waits for a path, and no other
 * is tried. Body of every entry point of a head but its queue, all versions. Context: may sleep.
 * @returns what `body` gave; `none` without a path
 */
export function* on_path(
  head: nvme_ns_head,
  body: (ns: nvme_ns) => Steps<number>,
  none: number = -E.EWOULDBLOCK,
): Steps<number> {
  const srcu_idx = yield* srcu_read_lock(head.srcu);
  const ns = yield* head.parts.find_path(head);
  const result = ns === null ? none : yield* body(ns);
  yield* srcu_read_unlock(head.srcu, srcu_idx);
  return result;
}

/**
 * A command for the controller runs outside of the section, so that it may delete namespaces; one for the namespace
 * inside, so that who waits for readers waits for it.
 * Kernel: the common body of nvme_ns_head_ioctl() and nvme_ns_head_chr_ioctl(), all versions. Context: may sleep.
 */
export function* head_ioctl(
  head: nvme_ns_head,
  cmd: number,
  arg: unknown,
  flags: number,
  open_for_write: boolean,
): Steps<number> {
  if (!is_ctrl_ioctl(cmd)) return yield* on_path(head, (ns) => nvme_ns_ioctl(ns, cmd, arg, flags, open_for_write));
  const srcu_idx = yield* srcu_read_lock(head.srcu);
  const ns = yield* head.parts.find_path(head);
  if (ns === null) {
    yield* srcu_read_unlock(head.srcu, srcu_idx);
    return -E.EWOULDBLOCK;
  }
  const { ctrl } = ns;
  yield* nvme_get_ctrl(ctrl);
  yield* srcu_read_unlock(head.srcu, srcu_idx);
  const result = yield* nvme_ctrl_ioctl(ctrl, cmd, arg, open_for_write);
  yield* nvme_put_ctrl(ctrl);
  return result;
}

const nvme_ns_head_ioctl = (head: nvme_ns_head) =>
  kfn('nvme_ns_head_ioctl', (bdev: block_device, mode: blk_mode_t, cmd: number, arg: unknown): Steps<number> =>
    head_ioctl(head, cmd, arg, bdev_is_partition(bdev) ? NVME_IOCTL_PARTITION : 0, (mode & BLK_OPEN_WRITE) !== 0),
  );

/** Each on the path that a bio would take: a registration is the one controller's. Kernel: nvme_pr_ops on a head, 6.1. */
const pr_6_1 = (head: nvme_ns_head): pr_ops => ({
  pr_register: kfn('nvme_pr_register', (_bdev: block_device, old_key: number, new_key: number, flags: number) =>
    on_path(head, (ns) => ns_pr.register(ns, old_key, new_key, flags)),
  ),
  pr_reserve: kfn('nvme_pr_reserve', (_bdev: block_device, key: number, type: number, flags: number) =>
    on_path(head, (ns) => ns_pr.reserve(ns, key, type, flags)),
  ),
  pr_release: kfn('nvme_pr_release', (_bdev: block_device, key: number, type: number) =>
    on_path(head, (ns) => ns_pr.release(ns, key, type)),
  ),
  pr_preempt: kfn('nvme_pr_preempt', (_bdev: block_device, old_key: number, new_key: number, type: number) =>
    on_path(head, (ns) => ns_pr.preempt(ns, old_key, new_key, type)),
  ),
  pr_clear: kfn('nvme_pr_clear', (_bdev: block_device, key: number) => on_path(head, (ns) => ns_pr.clear(ns, key))),
});

/** Keys and the reservation can be read, too. Kernel: nvme_pr_ops on a head, 6.12 to 7.3. */
const pr_6_12 = (head: nvme_ns_head): pr_ops => ({
  ...pr_6_1(head),
  pr_read_keys: (_bdev, keys) => on_path(head, (ns) => ns_pr.read_keys(ns, keys)),
  pr_read_reservation: (_bdev, held) => on_path(head, (ns) => ns_pr.read_reservation(ns, held)),
});

/** Kernel: nvme_ns_head_ops, 6.1. */
export const head_operations_6_1 = (head: nvme_ns_head): block_device_operations => ({
  ioctl: nvme_ns_head_ioctl(head),
  compat_ioctl: blkdev_compat_ptr_ioctl,
  getgeo: nvme_getgeo,
  report_zones: (_disk, sector, nr_zones, args) =>
    on_path(head, (ns) => nvme_ns_report_zones(ns, sector, nr_zones, args)),
  pr_ops: pr_6_1(head),
});

/** Kernel: nvme_ns_head_ops, 6.12 to 7.3. */
export const head_operations_6_12 = (head: nvme_ns_head): block_device_operations => ({
  ...head_operations_6_1(head),
  get_unique_id: (_disk, id, type) => on_path(head, (ns) => nvme_ns_get_unique_id(ns, id, type)),
  pr_ops: pr_6_12(head),
});
