// SPDX-License-Identifier: GPL-2.0-only
import { E } from '../errno/errno.js';
import { kfn } from '../kfn.js';
import { load } from '../memory/access.js';
import { kfree } from '../memory/alloc.js';
import { module_put, type module } from '../module/module.js';
import { KObject } from '../object.js';
import { kref, kref_get, kref_put } from '../refcount/kref.js';
import type { Steps } from '../step.js';
import type { io_uring_cmd } from '../io-uring/uring-cmd.js';
import { cdev_put } from './cdev-reference.js';
import type { inode } from './inode.js';

/** Bits of `file.f_mode`. */
export const FMODE_READ = 1 << 0;
export const FMODE_WRITE = 1 << 1;

type Ioctl = (file: file, cmd: number, arg: unknown) => Steps<number>;

/** Kernel: struct file_operations of a character device. Each returns -errno on failure. */
export interface file_operations {
  readonly owner?: module | null;
  readonly open?: (inode: inode, file: file) => Steps<number>;
  /** The last close. */
  readonly release?: (inode: inode, file: file) => Steps<void>;
  readonly unlocked_ioctl?: Ioctl;
  readonly compat_ioctl?: Ioctl;
  /** @returns a result, or -EIOCBQUEUED: io_uring_cmd_done() comes later */
  readonly uring_cmd?: (ioucmd: io_uring_cmd, issue_flags: number) => Steps<number>;
  readonly uring_cmd_iopoll?: (ioucmd: io_uring_cmd, iob: object | null, poll_flags: number) => Steps<number>;
}

/** Kernel: struct file of a character device. */
export class file extends KObject {
  readonly f_count = new kref(this, 1);
  f_op: file_operations = {};
  private_data: KObject | null = null;

  constructor(
    readonly f_inode: inode,
    readonly f_mode: number,
  ) {
    super();
  }
}

/** Kernel: get_file(): one more user of an open file. */
export const get_file = (f: file): Steps<void> => kref_get(f.f_count);

/** Kernel: __fput(): the driver's release, the reference on the cdev, that on the operations' module: apart. */
const last_fput = kfn('__fput', function* (f: file): Steps<void> {
  const { f_op, f_inode } = f;
  if (f_op.release !== undefined) yield* f_op.release(f_inode, f);
  yield* cdev_put(yield* load(f_inode, 'i_cdev'));
  yield* module_put(f_op.owner);
  yield* kfree(f);
});

/** Kernel: fput(), close(2). The last one's work runs at once, not as task work. Context: may sleep. */
export function* fput(f: file): Steps<void> {
  yield* kref_put(f.f_count, () => last_fput(f));
}

const toCaller = (result: number): number => (result === -E.ENOIOCTLCMD ? -E.ENOTTY : result);

/** ioctl(2). Kernel: vfs_ioctl(). @returns what the method gave; -ENOTTY without it */
export const vfs_ioctl = kfn('vfs_ioctl', function* (f: file, cmd: number, arg: unknown): Steps<number> {
  const { unlocked_ioctl } = f.f_op;
  return unlocked_ioctl === undefined ? -E.ENOTTY : toCaller(yield* unlocked_ioctl(f, cmd, arg));
});

/** ioctl(2) of a caller with 32 bits. Kernel: compat_sys_ioctl(). @returns what the method gave; -ENOTTY without it */
export const compat_sys_ioctl = kfn('compat_sys_ioctl', function* (f: file, cmd: number, arg: unknown): Steps<number> {
  const { compat_ioctl } = f.f_op;
  return compat_ioctl === undefined ? -E.ENOTTY : toCaller(yield* compat_ioctl(f, cmd, arg));
});

/**
 * A `compat_ioctl` for a driver whose arguments are the same with 32 bits.
 * Kernel: compat_ptr_ioctl(). @returns -ENOIOCTLCMD without `unlocked_ioctl`
 */
export const compat_ptr_ioctl = kfn('compat_ptr_ioctl', function* (f: file, cmd: number, arg: unknown): Steps<number> {
  const { unlocked_ioctl } = f.f_op;
  return unlocked_ioctl === undefined ? -E.ENOIOCTLCMD : yield* unlocked_ioctl(f, cmd, arg);
});
