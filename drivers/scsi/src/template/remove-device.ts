// SPDX-License-Identifier: GPL-2.0-only
import { checkPointer, ida_free, kfn, load, store, type Steps } from '@libmultipath/driver-kit';
import { scsi_mpath_put_head } from './head-reference.js';
import type { scsi_mpath_device } from './scsi-mpath-device.js';
import type { Template } from './template.js';

/** The device is no path any more. Kernel: scsi_mpath_remove_device(), v3. Context: may sleep. */
export const scsi_mpath_remove_device = kfn(
  'scsi_mpath_remove_device',
  function* (template: Template, path: scsi_mpath_device): Steps<void> {
    const head = checkPointer(yield* load(path, 'scsi_mpath_head'), 'ida');
    yield* ida_free(head.ida, path.index);
    yield* scsi_mpath_put_head(template, head);
    yield* store(path, 'scsi_mpath_head', null);
  },
);
