// SPDX-License-Identifier: GPL-2.0-only
import { device, KObject, list_head } from '@libmultipath/driver-kit';
import type { Scsi_Host } from './scsi-host.js';

/** enum scsi_target_state. */
export const STARGET_CREATED = 1;
export const STARGET_RUNNING = 2;

/** Kernel: struct scsi_target. It lives as long as its device's references. */
export class scsi_target extends KObject {
  state: number = STARGET_CREATED;
  /** In `host->__targets`. */
  readonly siblings = new list_head<scsi_target>(this);
  /** A unit attention 3F 0E is expected of the other devices; no step: a flag that is only ever a hint. */
  expecting_lun_change = false;
  readonly dev: device;

  constructor(
    readonly host: Scsi_Host,
    readonly channel: number,
    readonly id: number,
  ) {
    super();
    this.dev = new device(`target${[host.host_no, channel, id].join(':')}`, host.shost_gendev, this);
    this.dev.subsystem = 'scsi';
  }
}
