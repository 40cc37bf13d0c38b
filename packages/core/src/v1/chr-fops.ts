// SPDX-License-Identifier: GPL-2.0-only
import {
  compat_ptr_ioctl,
  E,
  kfn,
  type file,
  type file_operations,
  type inode,
  type io_uring_cmd,
  type Steps,
} from '@libmultipath/kernel';
import { make_head_of_inode } from '../cdev/head-of-inode.js';
import { with_path } from '../paths/call-for-device.js';
import { mpath_get_head, mpath_put_head } from '../references/kref-head.js';
import { callbacks, nullPointer } from '../structures/null-pointer.js';
import { ioctl_that_unlocks } from './ioctl.js';
import { mpath_head, type mpath_device } from './structures.js';
import { number_from } from '../structures/ask.js';

/** The head that a char device's node stands for. */
const head_of_inode = make_head_of_inode((container) => container instanceof mpath_head);

/** Kernel: `mpath_generic_chr_open()`, v1 patch 06. 0, or -ENXIO. References: one on the head. */
const mpath_generic_chr_open = kfn('mpath_generic_chr_open', function* (node: inode): Steps<number> {
  return yield* mpath_get_head(yield* head_of_inode(node));
});

/** Kernel: `mpath_generic_chr_release()`, v1 patch 06. */
const mpath_generic_chr_release = kfn('mpath_generic_chr_release', function* (node: inode): Steps<void> {
  yield* mpath_put_head(yield* head_of_inode(node));
});

/** Kernel: `mpath_generic_chr_uring_cmd_iopoll()`, v1 patch 06. No SRCU section, no path. -EOPNOTSUPP without the callback. */
const mpath_generic_chr_uring_cmd_iopoll = kfn(
  'mpath_generic_chr_uring_cmd_iopoll',
  function* (ioucmd: io_uring_cmd, iob: object | null, poll_flags: number): Steps<number> {
    const { chr_uring_cmd_iopoll } = callbacks(yield* head_of_inode(ioucmd.file.f_inode));
    return chr_uring_cmd_iopoll === undefined
      ? -E.EOPNOTSUPP
      : yield* number_from('chr_uring_cmd_iopoll', chr_uring_cmd_iopoll(ioucmd, iob, poll_flags));
  },
);

/**
 * The operations of the char device that a driver makes of `mpath_head.cdev`. An ioctl without a path
 * is -EWOULDBLOCK; a command of io_uring is -EOPNOTSUPP without the callback, then -EWOULDBLOCK without a path.
 * Kernel: `mpath_generic_chr_fops`, v1 patch 06. Context: may sleep.
 * Mainline: `nvme_ns_head_chr_fops`.
 */
export const make_generic_chr_fops = (find: (head: mpath_head) => Steps<mpath_device | null>): file_operations => ({
  open: mpath_generic_chr_open,
  release: mpath_generic_chr_release,
  unlocked_ioctl: kfn('mpath_generic_chr_ioctl', function* (filp: file, cmd: number, arg: unknown): Steps<number> {
    const head = yield* head_of_inode(filp.f_inode);
    const fn = 'mpath_generic_chr_ioctl';
    return yield* ioctl_that_unlocks(
      fn,
      head,
      find,
      () => 0,
      (dev, srcu_idx) => {
        const { cdev_ioctl } = callbacks(head);
        if (cdev_ioctl === undefined) return nullPointer('mpath_head_template.cdev_ioctl', head);
        return number_from('cdev_ioctl', cdev_ioctl(head, dev, filp.f_mode, cmd, arg, srcu_idx));
      },
    );
  }),
  compat_ioctl: compat_ptr_ioctl,
  uring_cmd: kfn('mpath_generic_chr_uring_cmd', function* (ioucmd: io_uring_cmd, issue_flags: number): Steps<number> {
    const head = yield* head_of_inode(ioucmd.file.f_inode);
    const { chr_uring_cmd } = callbacks(head);
    if (chr_uring_cmd === undefined) return -E.EOPNOTSUPP;
    return yield* with_path(head, find, (dev) => number_from('chr_uring_cmd', chr_uring_cmd(dev, ioucmd, issue_flags)));
  }),
  uring_cmd_iopoll: mpath_generic_chr_uring_cmd_iopoll,
});
