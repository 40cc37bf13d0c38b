// SPDX-License-Identifier: GPL-2.0-only
import { capable, CAP_SYS_ADMIN } from '../cred/capability.js';
import { E } from '../errno/errno.js';
import type { Steps } from '../step.js';
import { BLK_OPEN_WRITE, type blk_mode_t, type pr_keys, type pr_ops } from './block-device-operations.js';
import { bdev_is_partition, type block_device } from './gendisk.js';
import {
  IOC_PR_CLEAR,
  IOC_PR_PREEMPT,
  IOC_PR_PREEMPT_ABORT,
  IOC_PR_READ_KEYS,
  IOC_PR_READ_RESERVATION,
  IOC_PR_REGISTER,
  IOC_PR_RELEASE,
  IOC_PR_RESERVE,
  PR_FL_IGNORE_KEY,
  PR_KEYS_MAX_NUM,
} from './ioctl-numbers.js';
import { fromUser, toUser } from './user-memory.js';

/** Kernel: blkdev_pr_allowed(): no partition; the administrator, or whoever opened the device for writing. */
const isAllowed = (bdev: block_device, mode: blk_mode_t): boolean =>
  !bdev_is_partition(bdev) && (capable(CAP_SYS_ADMIN) || (mode & BLK_OPEN_WRITE) !== 0);

/** One command: which method it needs, and what it does with it; undefined there: bad address. */
interface PrCommand {
  readonly method: keyof pr_ops;
  readonly run: (ops: pr_ops, bdev: block_device, arg: unknown) => Steps<number> | number | undefined;
}

const preempt =
  (abort: boolean): PrCommand['run'] =>
  (ops, bdev, arg) => {
    const p = fromUser(arg, ['old_key', 'new_key', 'type', 'flags']);
    if (p === undefined) return undefined;
    return p.flags === 0 ? ops.pr_preempt?.(bdev, p.old_key, p.new_key, p.type, abort) : -E.EOPNOTSUPP;
  };

/** Kernel: blkdev_pr_read_keys(). */
function* readKeys(read: NonNullable<pr_ops['pr_read_keys']>, bdev: block_device, arg: unknown): Steps<number> {
  const room = fromUser(arg, ['num_keys'])?.num_keys;
  if (room === undefined) return -E.EFAULT;
  if (room > PR_KEYS_MAX_NUM) return -E.EINVAL;
  const found: pr_keys = { generation: 0, num_keys: room, keys: [] };
  const result = yield* read(bdev, found);
  if (result !== 0) return result;
  const { generation, num_keys } = found;
  return toUser(arg, { generation, num_keys, keys: found.keys.slice(0, Math.min(room, num_keys)) }) ? 0 : -E.EFAULT;
}

/** Kernel: blkdev_pr_read_reservation(). */
function* readReservation(
  read: NonNullable<pr_ops['pr_read_reservation']>,
  bdev: block_device,
  arg: unknown,
): Steps<number> {
  const found = { key: 0, generation: 0, type: 0 };
  const result = yield* read(bdev, found);
  if (result !== 0) return result;
  return toUser(arg, found) ? 0 : -E.EFAULT;
}

const commands = new Map<number, PrCommand>([
  [
    IOC_PR_REGISTER,
    {
      method: 'pr_register',
      run: (ops, bdev, arg) => {
        const reg = fromUser(arg, ['old_key', 'new_key', 'flags']);
        if (reg === undefined) return undefined;
        if ((reg.flags & ~PR_FL_IGNORE_KEY) !== 0) return -E.EOPNOTSUPP;
        return ops.pr_register?.(bdev, reg.old_key, reg.new_key, reg.flags);
      },
    },
  ],
  [
    IOC_PR_RESERVE,
    {
      method: 'pr_reserve',
      run: (ops, bdev, arg) => {
        const rsv = fromUser(arg, ['key', 'type', 'flags']);
        if (rsv === undefined) return undefined;
        if ((rsv.flags & ~PR_FL_IGNORE_KEY) !== 0) return -E.EOPNOTSUPP;
        return ops.pr_reserve?.(bdev, rsv.key, rsv.type, rsv.flags);
      },
    },
  ],
  [
    IOC_PR_RELEASE,
    {
      method: 'pr_release',
      run: (ops, bdev, arg) => {
        const rsv = fromUser(arg, ['key', 'type', 'flags']);
        if (rsv === undefined) return undefined;
        return rsv.flags === 0 ? ops.pr_release?.(bdev, rsv.key, rsv.type) : -E.EOPNOTSUPP;
      },
    },
  ],
  [IOC_PR_PREEMPT, { method: 'pr_preempt', run: preempt(false) }],
  [IOC_PR_PREEMPT_ABORT, { method: 'pr_preempt', run: preempt(true) }],
  [
    IOC_PR_CLEAR,
    {
      method: 'pr_clear',
      run: (ops, bdev, arg) => {
        const c = fromUser(arg, ['key', 'flags']);
        if (c === undefined) return undefined;
        return c.flags === 0 ? ops.pr_clear?.(bdev, c.key) : -E.EOPNOTSUPP;
      },
    },
  ],
  [
    IOC_PR_READ_KEYS,
    {
      method: 'pr_read_keys',
      run: ({ pr_read_keys }, bdev, arg) => pr_read_keys && readKeys(pr_read_keys, bdev, arg),
    },
  ],
  [
    IOC_PR_READ_RESERVATION,
    {
      method: 'pr_read_reservation',
      run: ({ pr_read_reservation }, bdev, arg) =>
        pr_read_reservation && readReservation(pr_read_reservation, bdev, arg),
    },
  ],
]);

/**
 * Persistent reservations. Kernel: blkdev_pr_register() and its siblings, block/ioctl.c.
 * @returns what the method gave; -EPERM, -EOPNOTSUPP without the method or for a flag, -EFAULT,
 * -EINVAL too many keys; -ENOIOCTLCMD: no such command
 */
export function* blkdev_pr_ioctl(bdev: block_device, mode: blk_mode_t, cmd: number, arg: unknown): Steps<number> {
  const command = commands.get(cmd);
  if (command === undefined) return -E.ENOIOCTLCMD;
  if (!isAllowed(bdev, mode)) return -E.EPERM;
  const { pr_ops } = bdev.bd_disk.fops;
  if (pr_ops?.[command.method] === undefined) return -E.EOPNOTSUPP;
  const result = command.run(pr_ops, bdev, arg);
  if (result === undefined) return -E.EFAULT;
  return typeof result === 'number' ? result : yield* result;
}
