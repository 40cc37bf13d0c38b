// SPDX-License-Identifier: GPL-2.0-only
import {
  list_first_entry_or_null,
  list_next_or_null,
  spin_lock_irqsave,
  spin_unlock_irqrestore,
  type Steps,
} from '@libmultipath/driver-kit';
import type { scsi_device } from './scsi-device.js';
import type { Scsi_Host } from './scsi-host.js';

/** The host's devices, in the order of the list. Kernel: shost_for_each_device(). Context: any. */
export function* devices_of(shost: Scsi_Host): Steps<readonly scsi_device[]> {
  const found: scsi_device[] = [];
  yield* spin_lock_irqsave(shost.host_lock);
  let sdev = yield* list_first_entry_or_null(shost.__devices);
  for (; sdev !== null; sdev = yield* list_next_or_null(shost.__devices, sdev.siblings)) found.push(sdev);
  yield* spin_unlock_irqrestore(shost.host_lock);
  return found;
}
