// SPDX-License-Identifier: GPL-2.0-only
import { kfn, type attribute_group, type Steps } from '@libmultipath/driver-kit';
import type { ScsiLibrary } from './library.js';
import type { scsi_mpath_head } from './scsi-mpath-head.js';

/**
 * Every choice is forgotten and what waits is tried again, also when the policy is what it was.
 * Kernel: scsi_mpath_device_iopolicy_store(), v3. Context: may sleep. @returns bytes taken or -EINVAL
 */
const scsi_mpath_device_iopolicy_store = kfn(
  'scsi_mpath_device_iopolicy_store',
  (lib: ScsiLibrary, { iopolicy, mpath_head }: scsi_mpath_head, buf: string): Steps<number> =>
    lib.store_iopolicy(mpath_head, iopolicy, buf),
);

/**
 * Attributes of a head's device, and the directory that the links of its devices go into.
 * Kernel: scsi_mpath_device_groups, v3.
 */
export const scsi_mpath_device_groups = (
  lib: ScsiLibrary,
  head: scsi_mpath_head,
  id = 'vpd_id',
): readonly attribute_group[] => [
  {
    attrs: {
      [id]: {
        mode: 0o444,
        *show() {
          return `${head.vpd_id}\n`;
        },
      },
      iopolicy: {
        mode: 0o644,
        show: () => lib.mpath_iopolicy_show(head.iopolicy),
        store: (buf) => scsi_mpath_device_iopolicy_store(lib, head, buf),
      },
    },
  },
  { name: 'multipath', attrs: { dummy: { mode: 0 } }, is_visible: () => false },
];
