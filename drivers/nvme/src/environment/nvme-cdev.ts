// SPDX-License-Identifier: GPL-2.0-only
import {
  cdev_device_add,
  cdev_device_del,
  cdev_init,
  E,
  ida_alloc,
  ida_free,
  kfn,
  MKDEV,
  put_device,
  refused,
  type cdev,
  type device,
  type file_operations,
  type Steps,
} from '@libmultipath/driver-kit';
import type { nvme_core } from './nvme-core.js';

/** Of `nvme_ns_chr_devt`; any number that no other driver of the model has. */
const NVME_NS_CHR_MAJOR = 240;

/** Kernel: nvme_cdev_rel(), up to 7.1: the minor, and nothing else, depends on the device. */
function* nvme_cdev_rel(core: nvme_core, { devt }: device): Steps<void> {
  yield* ida_free(core.nvme_ns_chr_minor_ida, devt - MKDEV(NVME_NS_CHR_MAJOR, 0));
}

/**
 * A character device that can be opened: it has a minor until its device is released, and its
 * operations pin the module.
 * Kernel: nvme_cdev_add(), up to 7.1. Context: may sleep.
 * @param name of the node in /dev; not to have memory for it is a failure that a program may ask for
 * @param released what else the release of a device does that could be added
 * @returns 0 or -errno
 */
export const nvme_cdev_add = kfn(
  'nvme_cdev_add',
  function* (
    core: nvme_core,
    name: string,
    cdev: cdev,
    cdev_device: device,
    fops: file_operations,
    released: () => Steps<void>,
  ): Steps<number> {
    if (yield* refused('dev_set_name', 'cdev', { mayFail: 'declared' })) return -E.ENOMEM;
    const minor = yield* ida_alloc(core.nvme_ns_chr_minor_ida);
    cdev_device.name = name;
    cdev_device.devt = MKDEV(NVME_NS_CHR_MAJOR, minor);
    cdev_device.release = (dev) => nvme_cdev_rel(core, dev);
    yield* cdev_init(cdev, fops);
    cdev.owner = core.this_module;
    const error = yield* cdev_device_add(cdev, cdev_device);
    if (error !== 0) {
      yield* put_device(cdev_device);
      return error;
    }
    cdev_device.release = function* (dev) {
      yield* nvme_cdev_rel(core, dev);
      yield* released();
    };
    return 0;
  },
);

/** Who has the device open keeps it until the last close. Kernel: nvme_cdev_del(), all versions. Context: may sleep. */
export const nvme_cdev_del = kfn('nvme_cdev_del', function* (cdev: cdev, cdev_device: device): Steps<void> {
  yield* cdev_device_del(cdev, cdev_device);
  yield* put_device(cdev_device);
});
