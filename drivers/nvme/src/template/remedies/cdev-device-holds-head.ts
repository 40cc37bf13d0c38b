// SPDX-License-Identifier: GPL-2.0-only
import { nvme_get_ns_head } from '../../environment/nvme-ns-head-base.js';
import { nvme_put_ns_head } from '../head-reference.js';
import { head_from } from '../v3/nvme-ns-head.js';
import type { NvmeRemedy } from './remedy.js';

/** The memory with the cdev stays until the last close is done with it. */
export const cdev_device_holds_head: NvmeRemedy = {
  name: 'cdev-device-holds-head',
  removes: ['use after free of the head in `cdev_put()`, after the last close of `ngXnY`'],
  inC: '`nvme_mpath_add_cdev()` takes a reference on the `nvme_ns_head`, and `nvme_cdev_rel()` drops it.',
  apply: (parts) => ({
    ...parts,
    base_without: [],
    cdev_reference: (_lib, free) => ({
      take: nvme_get_ns_head,
      drop: (head) => nvme_put_ns_head({ free_ns_head: (last) => free(head_from(last)) }, head),
    }),
  }),
};
