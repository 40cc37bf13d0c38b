// SPDX-License-Identifier: GPL-2.0-only
import {
  kfn,
  type block_device,
  type pr_held_reservation,
  type pr_keys,
  type pr_ops,
  type Steps,
} from '@libmultipath/kernel';
import { with_path } from '../paths/call-for-device.js';
import { callbacks, nullPointer } from '../structures/null-pointer.js';
import { head_of_device } from './head-of-disk.js';
import type { mpath_device, mpath_head } from './structures.js';

/** `struct mpath_pr_ops`: persistent reservations on a path, which v1 has the driver implement. Source: v1 patch 09. */
export interface mpath_pr_ops {
  readonly pr_register?: (dev: mpath_device, old_key: number, new_key: number, flags: number) => Steps<number>;
  readonly pr_reserve?: (dev: mpath_device, key: number, type: number, flags: number) => Steps<number>;
  readonly pr_release?: (dev: mpath_device, key: number, type: number) => Steps<number>;
  readonly pr_preempt?: (
    dev: mpath_device,
    old_key: number,
    new_key: number,
    type: number,
    abort: boolean,
  ) => Steps<number>;
  readonly pr_clear?: (dev: mpath_device, key: number) => Steps<number>;
  readonly pr_read_keys?: (dev: mpath_device, keys: pr_keys) => Steps<number>;
  readonly pr_read_reservation?: (dev: mpath_device, rsv: pr_held_reservation) => Steps<number>;
}

/**
 * Passes each call to the driver with one path; that the driver has the operation is not looked at.
 * The disk is that of the given device, which a partition's does not know.
 *
 * Kernel: `mpath_pr_ops`, v1 patch 09. Context: may sleep.
 * @returns each: what the driver gave, or -EWOULDBLOCK without a path
 */
export const make_pr_ops = (find: (head: mpath_head) => Steps<mpath_device | null>): pr_ops => {
  const operation = <A extends readonly unknown[]>(
    name: keyof mpath_pr_ops,
    select: (ops: mpath_pr_ops) => ((dev: mpath_device, ...args: A) => Steps<number>) | undefined,
  ) =>
    kfn(`mpath_${name}`, function* (bdev: block_device, ...args: A): Steps<number> {
      const head = yield* head_of_device(bdev.bd_device);
      return yield* with_path(head, find, (dev) => {
        const ops = callbacks(head).pr_ops ?? nullPointer('mpath_head_template.pr_ops', head);
        const method = select(ops) ?? nullPointer(`mpath_pr_ops.${name}`, head);
        return method(dev, ...args);
      });
    });
  return {
    pr_register: operation('pr_register', (ops) => ops.pr_register),
    pr_reserve: operation('pr_reserve', (ops) => ops.pr_reserve),
    pr_release: operation('pr_release', (ops) => ops.pr_release),
    pr_preempt: operation('pr_preempt', (ops) => ops.pr_preempt),
    pr_clear: operation('pr_clear', (ops) => ops.pr_clear),
    pr_read_keys: operation('pr_read_keys', (ops) => ops.pr_read_keys),
    pr_read_reservation: operation('pr_read_reservation', (ops) => ops.pr_read_reservation),
  };
};
