// SPDX-License-Identifier: GPL-2.0-only
import {
  E,
  kfn,
  load,
  type block_device,
  type pr_held_reservation,
  type pr_keys,
  type pr_ops,
  type Steps,
} from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';
import { nullPointer } from '../structures/null-pointer.js';
import { on_path, without } from './on-path.js';

/**
 * Persistent reservations, each on one path: the one that a bio would take. The head is the
 * driver data of the device that was given, which a partition has not.
 *
 * Kernel: `mpath_pr_ops`, v2 and v3 patch 09. Context: may sleep.
 * @param head_from what the driver data is, if it is a head
 * @returns methods that give what the path's gave; -EOPNOTSUPP when it has none, -EWOULDBLOCK without a path
 */
export const make_pr_ops = <D extends mpath_device_base, H extends mpath_head_base<D>>(
  mpath_find_path: (head: H) => Steps<D | null>,
  head_from: (driver_data: unknown) => H | null,
): Required<pr_ops> => {
  /** Calls `method` with the path's operations and its whole disk. */
  function* on_path_of(
    bdev: block_device,
    method: (ops: pr_ops, path: block_device) => Steps<number> | undefined,
  ): Steps<number> {
    const head = head_from(yield* load(bdev.bd_device, 'driver_data'));
    if (head === null) return nullPointer('mpath_head.srcu', bdev);
    return yield* on_path<D, H>(head, mpath_find_path, (disk) => {
      const { pr_ops: ops } = disk.fops;
      return (ops && method(ops, disk.part0)) ?? without(-E.EOPNOTSUPP);
    });
  }

  return {
    pr_register: kfn('mpath_pr_register', (bdev: block_device, old_key: number, new_key: number, flags: number) =>
      on_path_of(bdev, (ops, path) => ops.pr_register?.(path, old_key, new_key, flags)),
    ),
    pr_reserve: kfn('mpath_pr_reserve', (bdev: block_device, key: number, type: number, flags: number) =>
      on_path_of(bdev, (ops, path) => ops.pr_reserve?.(path, key, type, flags)),
    ),
    pr_release: kfn('mpath_pr_release', (bdev: block_device, key: number, type: number) =>
      on_path_of(bdev, (ops, path) => ops.pr_release?.(path, key, type)),
    ),
    pr_preempt: kfn(
      'mpath_pr_preempt',
      (bdev: block_device, old_key: number, new_key: number, type: number, abort: boolean) =>
        on_path_of(bdev, (ops, path) => ops.pr_preempt?.(path, old_key, new_key, type, abort)),
    ),
    pr_clear: kfn('mpath_pr_clear', (bdev: block_device, key: number) =>
      on_path_of(bdev, (ops, path) => ops.pr_clear?.(path, key)),
    ),
    pr_read_keys: kfn('mpath_pr_read_keys', (bdev: block_device, keys: pr_keys) =>
      on_path_of(bdev, (ops, path) => ops.pr_read_keys?.(path, keys)),
    ),
    pr_read_reservation: kfn('mpath_pr_read_reservation', (bdev: block_device, rsv: pr_held_reservation) =>
      on_path_of(bdev, (ops, path) => ops.pr_read_reservation?.(path, rsv)),
    ),
  };
};
