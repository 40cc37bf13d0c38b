// SPDX-License-Identifier: GPL-2.0-only
import { mpath_head } from '@libmultipath/driver-kit';
import { nvme_mpath_to_ns_head } from '../v3/nvme-ns-head.js';
import type { NvmeRemedy } from './remedy.js';

/** The counters are looked for where they are. */
export const diag_attributes_find_head: NvmeRemedy = {
  name: 'diag-attributes-find-head',
  removes: ['`mpath diff 7.3 v3`: the observation `counters`'],
  inC: 'The four functions of `io_requeue_no_usable_path_count` and `io_fail_no_available_path_count` take `mpath_bd_device_to_head(dev)` for the library’s head, not `disk->private_data` for the driver’s.',
  apply: (parts) => ({
    ...parts,
    head_of_diag: (private_data) => (private_data instanceof mpath_head ? nvme_mpath_to_ns_head(private_data) : null),
  }),
};
