// SPDX-License-Identifier: GPL-2.0-only
import { HZ, atomic_t, device, KObject, list_head, mutex, type Named } from '@libmultipath/driver-kit';
import type { handler_data, scsi_device_handler } from './device-handler.js';
import { SDEV_CREATED } from './device-states.js';
import { u8, type Bytes } from './bytes.js';
import type { LunNexus } from './hardware/lun-nexus.js';
import type { scsi_core } from './scsi-core.js';
import type { Scsi_Host } from './scsi-host.js';
import { SD_TIMEOUT } from './scsi-cmnd.js';
import { scsi_queue } from './scsi-queue.js';
import type { scsi_target } from './scsi-target.js';
import type { scsi_vpd } from './scsi-vpd.js';
import type { scsi_disk } from './sd/scsi-disk.js';

/** Kernel: SCSI_DEFAULT_EH_TIMEOUT in seconds, SCSI_DEFAULT_RAMP_UP_PERIOD in milliseconds. */
const DEFAULT_EH_TIMEOUT_S = 10;
const DEFAULT_RAMP_UP_MS = 120_000;

/** Peripheral device types. */
export const TYPE_DISK = 0x00;

/** Kernel: struct scsi_device. */
export class scsi_device extends KObject implements Named {
  readonly core: scsi_core;
  sdev_state: number = SDEV_CREATED;
  /** Serialises changes of `sdev_state` from process context. */
  readonly state_mutex = new mutex(this);
  readonly inquiry_mutex = new mutex(this);
  /** device_lock(): probe, removal and rescan of the driver on it. */
  readonly device_mutex = new mutex(this);
  /** In `host->__devices`. */
  readonly siblings = new list_head<scsi_device>(this);
  /** Standard INQUIRY data. */
  inquiry: readonly number[] = [];
  vpd_pg0: scsi_vpd | null = null;
  vpd_pg80: scsi_vpd | null = null;
  vpd_pg83: scsi_vpd | null = null;
  handler: scsi_device_handler | null = null;
  handler_data: handler_data | null = null;
  /** First byte of the group's descriptor as it came: nibble, preferred bit and what is between. */
  access_state = 0;
  offline_already = false;
  queue_stopped = false;
  is_visible = false;
  readonly request_queue: scsi_queue;
  queue_depth: number;
  /** Seconds that a command may take, and one of the error handler. */
  rq_timeout_s = SD_TIMEOUT / HZ;
  eh_timeout_s = DEFAULT_EH_TIMEOUT_S;
  queue_ramp_up_period_ms = DEFAULT_RAMP_UP_MS;
  /** Commands that hold a token of the device's budget. */
  device_busy = 0;
  /** Counts down attempts to dispatch, while the device is idle. */
  readonly device_blocked = new atomic_t(this);
  /** Somebody found no budget. */
  readonly restarts = new atomic_t(this);
  readonly sdev_gendev: device;
  /** The class device `scsi_device`. */
  readonly sdev_dev: device;
  /** Driver data of sd. */
  sdkp: scsi_disk | null = null;
  /** Of who implements multipath: `scsi_mpath_dev`. */
  scsi_mpath_dev: KObject | null = null;

  constructor(
    readonly sdev_target: scsi_target,
    readonly lun: number,
    /** The simulated logical unit as this path reaches it. */
    readonly nexus: LunNexus,
  ) {
    super();
    this.core = sdev_target.host.core;
    this.queue_depth = nexus.adapter.cmdPerLun;
    this.request_queue = new scsi_queue(this);
    this.sdev_gendev = new device(this.address, sdev_target.dev, this);
    this.sdev_gendev.subsystem = 'scsi';
    this.sdev_dev = new device(this.address, this.sdev_gendev);
  }

  get host(): Scsi_Host {
    return this.sdev_target.host;
  }

  /** `H:C:T:L`. */
  get address(): string {
    const { host, channel, id } = this.sdev_target;
    return [host.host_no, channel, id, this.lun].join(':');
  }

  get printName(): string {
    return `${this.sdkp === null ? 'scsi' : 'sd'} ${this.address}`;
  }

  /** Peripheral device type. */
  get type(): number {
    return u8(this.inquiry, 0) & 0x1f;
  }
}

/** TPGS field of standard INQUIRY data: 0 none, 1 implicit, 2 explicit, 3 both. Kernel: scsi_device_tpgs(). Pure. */
export const tpgsOf = (inquiry: Bytes): number => (u8(inquiry, 5) >> 4) & 0x3;
