// SPDX-License-Identifier: GPL-2.0-only
import type { block_device_operations } from '@libmultipath/driver-kit';
import { disk_methods } from '../passthrough/disk-methods.js';
import { nvme_queue_rq } from './request.js';
import type { nvme_ns_base } from './nvme-ns.js';

/** Operations of a path's own disk. Kernel: nvme_bdev_ops, all versions. */
export const ns_operations = (ns: nvme_ns_base): block_device_operations => ({
  ...disk_methods(ns),
  owner: ns.ctrl.core.this_module,
  queue_bio: (bio) => nvme_queue_rq(ns, bio),
});
