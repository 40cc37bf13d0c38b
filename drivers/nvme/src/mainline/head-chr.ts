// SPDX-License-Identifier: GPL-2.0-only
import {
  compat_ptr_ioctl,
  E,
  file,
  FMODE_WRITE,
  get_device,
  inode,
  kfn,
  put_device,
  type file_operations,
  type io_uring_cmd,
  type Steps,
} from '@libmultipath/driver-kit';
import { nvme_tryget_ns_head } from '../environment/nvme-ns-head-base.js';
import { nvme_ns_chr_uring_cmd_iopoll, nvme_ns_uring_cmd } from '../passthrough/uring.js';
import { head_ioctl, on_path } from './head-operations.js';
import { nvme_put_ns_head } from './head-reference.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/** What both have. Kernel: nvme_ns_head_chr_fops. Nobody waits for a path: a ring's command without one is EINVAL. */
const common = (head: nvme_ns_head): file_operations => ({
  owner: head.subsys.core.this_module,
  unlocked_ioctl: kfn('nvme_ns_head_chr_ioctl', (f: file, cmd: number, arg: unknown): Steps<number> =>
    head_ioctl(head, cmd, arg, 0, (f.f_mode & FMODE_WRITE) !== 0),
  ),
  compat_ioctl: compat_ptr_ioctl,
  uring_cmd: kfn('nvme_ns_head_chr_uring_cmd', (ioucmd: io_uring_cmd, issue_flags: number): Steps<number> =>
    on_path(head, (ns) => nvme_ns_uring_cmd(ns, ioucmd, issue_flags), -E.EINVAL),
  ),
  uring_cmd_iopoll: nvme_ns_chr_uring_cmd_iopoll,
});

/** An opener holds the head. Kernel: nvme_ns_head_chr_fops, up to 6.12. */
export const chr_operations_6_1 = (head: nvme_ns_head): file_operations => ({
  ...common(head),
  open: kfn('nvme_ns_head_chr_open', function* () {
    return (yield* nvme_tryget_ns_head(head)) ? 0 : -E.ENXIO;
  }),
  release: kfn('nvme_ns_head_chr_release', () => nvme_put_ns_head(head)),
});

/** An opener keeps the device, as an open file does, and that holds the head. Kernel: nvme_ns_head_chr_fops, 7.2 and 7.3. */
export const chr_operations_7_2 = (head: nvme_ns_head): file_operations => ({
  ...common(head),
  *open() {
    yield* get_device(head.cdev_device);
    return 0;
  },
  release: () => put_device(head.cdev_device),
});

/**
 * Opens the head's character device. How a node in /dev is found is left out: the caller has seen the device.
 * @param mode FMODE_READ, FMODE_WRITE
 * @returns the file, or -errno
 */
export function* open_head_chr(head: nvme_ns_head, mode: number): Steps<file | number> {
  const node = new inode(0);
  const f = new file(node, mode);
  f.f_op = { ...head.parts.chr_operations(head), owner: null };
  const error = yield* f.f_op.open?.(node, f) ?? none();
  return error === 0 ? f : error;
}

function* none(): Steps<number> {
  return 0;
}
