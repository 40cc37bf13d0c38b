// SPDX-License-Identifier: GPL-2.0-only
import { device_del, put_device, type Steps } from '@libmultipath/driver-kit';
import type { nvme_ns_head_base } from './nvme-ns-head-base.js';

/** Names the head's character device, before it is added. First half of nvme_add_ns_head_cdev(), all versions. */
export const init_cdev = ({ cdev_device, subsys, instance }: nvme_ns_head_base): void => {
  cdev_device.name = `ng${String(subsys.instance)}n${String(instance)}`;
  cdev_device.parent = subsys.dev;
};

/** Part of nvme_cdev_del() and nvme_del_ns_head_cdev(), all versions. Context: may sleep. */
export function* del_cdev({ cdev_device }: nvme_ns_head_base): Steps<void> {
  yield* device_del(cdev_device);
  yield* put_device(cdev_device);
}
