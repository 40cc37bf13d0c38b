// SPDX-License-Identifier: GPL-2.0-only
import {
  device_add,
  E,
  kfn,
  type LibV3,
  type mpath_device,
  type mpath_head,
  type Steps,
} from '@libmultipath/driver-kit';
import { del_cdev, init_cdev } from '../environment/cdev.js';
import { nvme_get_ns_head } from '../environment/nvme-ns-head-base.js';
import { head_of } from '../environment/nvme-ns.js';
import { nvme_put_ns_head } from './head-reference.js';
import { container_of_device } from './nvme-ns.js';
import { container_of_head } from './nvme-ns-head.js';

/** Namespace id of the disk. Kernel: include/uapi/linux/nvme_ioctl.h. */
export const NVME_IOCTL_ID = 0x4e40;

/**
 * The device holds a reference on the head until its release.
 * Kernel: nvme_add_ns_head_cdev(), NVMe v3, callback `add_cdev`. Context: may sleep, no lock held. @returns 0 or -errno
 */
export const nvme_add_ns_head_cdev = kfn(
  'nvme_add_ns_head_cdev',
  function* (lib: LibV3, mpath_head: mpath_head): Steps<number> {
    const head = container_of_head(mpath_head);
    init_cdev(head);
    head.cdev_device.release = () => nvme_put_ns_head(lib, head);
    yield* nvme_get_ns_head(head);
    const error = yield* device_add(head.cdev_device);
    if (error !== 0) yield* nvme_put_ns_head(lib, head);
    return error;
  },
);

/** Kernel: nvme_del_ns_head_cdev(), NVMe v3, callback `del_cdev`. Context: may sleep, no lock held. */
export const nvme_del_ns_head_cdev = kfn('nvme_del_ns_head_cdev', (mpath_head: mpath_head): Steps<void> =>
  del_cdev(container_of_head(mpath_head)),
);

/**
 * Of the commands only the one that reaches no hardware: the environment has no passthrough.
 * Kernel: nvme_mpath_cdev_ioctl(), NVMe v3, callback `cdev_ioctl`. @returns the nsid, or -ENOTTY
 */
export const nvme_mpath_cdev_ioctl = kfn(
  'nvme_mpath_cdev_ioctl',
  function* (dev: mpath_device, cmd: number): Steps<number> {
    return cmd === NVME_IOCTL_ID ? head_of(container_of_device(dev)).ns_id : -E.ENOTTY;
  },
);
