// SPDX-License-Identifier: GPL-2.0-only
import {
  compat_ptr_ioctl,
  FMODE_WRITE,
  kfn,
  type file,
  type file_operations,
  type inode,
  type io_uring_cmd,
  type Steps,
} from '@libmultipath/kernel';
import type { mpath_device_base } from '../structures/mpath-device-base.js';
import type { mpath_head_base } from '../structures/mpath-head-base.js';

/** What the char device's operations come to, with the head that they are for. */
export interface ChrMethods<H> {
  readonly head_of_inode: (node: inode) => Steps<H>;
  readonly mpath_get_head: (head: H) => Steps<number>;
  readonly mpath_put_head: (head: H) => Steps<void>;
  readonly mpath_chr_ioctl: (head: H, cmd: number, arg: unknown, open_for_write: boolean) => Steps<number>;
  readonly mpath_chr_uring_cmd: (head: H, ioucmd: io_uring_cmd, issue_flags: number) => Steps<number>;
  readonly mpath_chr_uring_cmd_iopoll: (
    head: H,
    ioucmd: io_uring_cmd,
    iob: object | null,
    poll_flags: number,
  ) => Steps<number>;
}

/**
 * An open holds a reference on the head. The owner is the library, which is built in: an open
 * pins no module by it.
 * Kernel: `mpath_chr_fops`, v3 patch 07, v2 patch 06.
 * Mainline: `nvme_ns_head_chr_fops`.
 */
export const make_chr_fops = <H extends mpath_head_base<mpath_device_base>>(
  methods: ChrMethods<H>,
): file_operations => ({
  open: kfn('mpath_chr_open', function* (node: inode): Steps<number> {
    return yield* methods.mpath_get_head(yield* methods.head_of_inode(node));
  }),
  release: kfn('mpath_chr_release', function* (node: inode): Steps<void> {
    yield* methods.mpath_put_head(yield* methods.head_of_inode(node));
  }),
  *unlocked_ioctl(f: file, cmd: number, arg: unknown) {
    const head = yield* methods.head_of_inode(f.f_inode);
    return yield* methods.mpath_chr_ioctl(head, cmd, arg, (f.f_mode & FMODE_WRITE) !== 0);
  },
  compat_ioctl: compat_ptr_ioctl,
  *uring_cmd(ioucmd, issue_flags) {
    const head = yield* methods.head_of_inode(ioucmd.file.f_inode);
    return yield* methods.mpath_chr_uring_cmd(head, ioucmd, issue_flags);
  },
  *uring_cmd_iopoll(ioucmd, iob, poll_flags) {
    const head = yield* methods.head_of_inode(ioucmd.file.f_inode);
    return yield* methods.mpath_chr_uring_cmd_iopoll(head, ioucmd, iob, poll_flags);
  },
});
