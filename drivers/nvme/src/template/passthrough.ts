// SPDX-License-Identifier: GPL-2.0-only
import { kfn, type io_uring_cmd, type KObject, type Steps } from '@libmultipath/driver-kit';
import { ns_or_ctrl_ioctl } from '../passthrough/ns-ioctl.js';
import { nvme_ns_chr_uring_cmd_iopoll, nvme_ns_uring_cmd } from '../passthrough/uring.js';
import type { template_ns } from './nvme-ns.js';

/** Kernel: nvme_mpath_cdev_ioctl(), NVMe v2 and v3, callback `cdev_ioctl`. */
export const make_cdev_ioctl = <D extends KObject>(ns_of: (dev: D) => template_ns) =>
  kfn('nvme_mpath_cdev_ioctl', (dev: D, cmd: number, arg: unknown, open_for_write: boolean): Steps<number> =>
    ns_or_ctrl_ioctl(ns_of(dev), cmd, arg, 0, open_for_write),
  );

/** Kernel: nvme_mpath_chr_uring_cmd() and nvme_ns_chr_uring_cmd_iopoll(), NVMe v1 to v3. */
export const make_chr_uring = <D extends KObject>(ns_of: (dev: D) => template_ns) => ({
  chr_uring_cmd: kfn('nvme_mpath_chr_uring_cmd', (dev: D, ioucmd: io_uring_cmd, issue_flags: number): Steps<number> =>
    nvme_ns_uring_cmd(ns_of(dev), ioucmd, issue_flags),
  ),
  chr_uring_cmd_iopoll: nvme_ns_chr_uring_cmd_iopoll,
});
