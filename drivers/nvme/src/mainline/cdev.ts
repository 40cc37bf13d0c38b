// SPDX-License-Identifier: GPL-2.0-only
import { device_add, kfn, set_bit, type Steps } from '@libmultipath/driver-kit';
import { del_cdev, init_cdev } from '../environment/cdev.js';
import { nvme_get_ns_head } from '../environment/nvme-ns-head-base.js';
import { NVME_NSHEAD_CDEV_LIVE } from './head-flags.js';
import { nvme_put_ns_head } from './head-reference.js';
import type { nvme_ns_head } from './nvme-ns-head.js';

/** Kernel: nvme_add_ns_head_cdev(), up to 6.12. The device holds nothing on the head. */
export const add_cdev_6_1 = kfn('nvme_add_ns_head_cdev', function* (head: nvme_ns_head): Steps<void> {
  init_cdev(head);
  yield* device_add(head.cdev_device);
});

/** Kernel: nvme_add_ns_head_cdev(), 7.2 and 7.3. The device holds a reference on the head until its release. */
export const add_cdev_7_2 = kfn('nvme_add_ns_head_cdev', function* (head: nvme_ns_head): Steps<void> {
  init_cdev(head);
  head.cdev_device.release = () => nvme_put_ns_head(head);
  yield* nvme_get_ns_head(head);
  if ((yield* device_add(head.cdev_device)) !== 0) {
    yield* nvme_put_ns_head(head);
    return;
  }
  yield* set_bit(NVME_NSHEAD_CDEV_LIVE, head, 'flags');
});

/** Kernel: nvme_cdev_del(), all versions. Context: may sleep. */
export const nvme_cdev_del = kfn('nvme_cdev_del', (head: nvme_ns_head): Steps<void> => del_cdev(head));
