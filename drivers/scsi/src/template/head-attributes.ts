// SPDX-License-Identifier: GPL-2.0-only
import { E, kfn, type attribute_group, type LibV3, type Steps } from '@libmultipath/driver-kit';
import type { scsi_mpath_head } from './scsi-mpath-head.js';

/**
 * Every choice is forgotten and what waits is tried again, also when the policy is what it was.
 * Kernel: scsi_mpath_device_iopolicy_store(), v3. Context: may sleep. @returns bytes taken or -EINVAL
 */
const scsi_mpath_device_iopolicy_store = kfn(
  'scsi_mpath_device_iopolicy_store',
  function* (lib: LibV3, { iopolicy, mpath_head }: scsi_mpath_head, buf: string): Steps<number> {
    if (!(yield* lib.mpath_iopolicy_store(iopolicy, buf))) return -E.EINVAL;
    yield* lib.mpath_clear_paths(mpath_head);
    yield* lib.mpath_schedule_requeue_work(mpath_head);
    return buf.length;
  },
);

/**
 * Attributes of a head's device, and the directory that the links of its devices go into.
 * Kernel: scsi_mpath_device_groups, v3.
 */
export const scsi_mpath_device_groups = (lib: LibV3, head: scsi_mpath_head): readonly attribute_group[] => [
  {
    attrs: {
      vpd_id: {
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
