// SPDX-License-Identifier: GPL-2.0-only
import type { Steps } from '@libmultipath/driver-kit';
import type { alua_port_group } from './alua/port-group.js';
import type { scsi_device } from './scsi-device.js';
import type { scsi_sense_hdr } from './sense.js';

/** How the simulated arrays of one kernel differ from those of another. */
export interface ArrayParts {
  /** Pages that scsi_debug's page 0 lists. */
  readonly scsiDebugPages: readonly number[];
  /** Relative target port identifier of LIO, by the place of the port among those of its unit. */
  readonly lioRelativePort: (place: number) => number;
}

/** How the SCSI core and the ALUA handler of one kernel differ from those of another: named functions, one value. */
export interface ScsiEnvironmentParts {
  /** May alua_rtpg_queue() start the worker for this device? Context: `pg->lock` held. */
  readonly starts_rtpg: (pg: alua_port_group, sdev: scsi_device) => Steps<boolean>;
  /** Does scsi_check_sense() ask for a local retry of this NOT READY or UNIT ATTENTION, without a handler? */
  readonly is_becoming_ready: (sshdr: scsi_sense_hdr) => boolean;
  /** ALUA_FAILOVER_TIMEOUT in seconds: of a command, and of a transition unless the target names its own. */
  readonly failover_timeout_s: number;
  /** Seconds that a text written to `timeout` of a device sets, or -errno. */
  readonly timeout_secs: (buf: string) => number;
  /** Arrays that are part of the kernel. */
  readonly arrays: ArrayParts;
}
