// SPDX-License-Identifier: GPL-2.0-only
import { starts_always, starts_when_attached } from './environment/alua/starts-rtpg.js';
import type { ArrayParts, ScsiEnvironmentParts } from './environment/parts.js';
import type { scsi_sense_hdr } from './environment/sense.js';
import { timeout_secs_6_1, timeout_secs_7_3 } from './environment/timeout-secs.js';

/** Becoming ready. Part of scsi_check_sense(), 6.1 and 6.12. */
const becomingReady = ({ asc, ascq }: scsi_sense_hdr): boolean => asc === 0x04 && ascq === 0x01;

/** Becoming ready, or in transition. Part of scsi_check_sense(), 7.3. */
const becomingReadyOrChanging = ({ asc, ascq }: scsi_sense_hdr): boolean =>
  asc === 0x04 && (ascq === 0x01 || ascq === 0x0a);

/** Arrays of 6.1. */
const arrays_6_1: ArrayParts = {
  scsiDebugPages: [0x00, 0x80, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0xb0, 0xb1, 0xb2],
  lioRelativePort: (place) => place + 1,
};

/** Constrained streams have a page; the port of a target that nobody enables has no number. */
const arrays_7_3: ArrayParts = {
  scsiDebugPages: [...arrays_6_1.scsiDebugPages, 0xb7],
  lioRelativePort: () => 0,
};

/** The environment of a kernel release. */
export const environment_6_1: ScsiEnvironmentParts = {
  starts_rtpg: starts_always,
  is_becoming_ready: becomingReady,
  failover_timeout_s: 60,
  timeout_secs: timeout_secs_6_1,
  arrays: arrays_6_1,
};

export const environment_6_12: ScsiEnvironmentParts = {
  ...environment_6_1,
  starts_rtpg: starts_when_attached,
  arrays: arrays_7_3,
};

/** Nobody has looked at the rest of 7.2: what 6.12 has. */
const environment_7_2: ScsiEnvironmentParts = { ...environment_6_12, failover_timeout_s: 255 };

export const environment_7_3: ScsiEnvironmentParts = {
  starts_rtpg: starts_when_attached,
  is_becoming_ready: becomingReadyOrChanging,
  failover_timeout_s: 255,
  timeout_secs: timeout_secs_7_3,
  arrays: arrays_7_3,
};

/** Releases at which something changes, oldest first; the others are predicted to be as the one before them. */
export const environments: Readonly<Record<string, ScsiEnvironmentParts>> = {
  '6.1': environment_6_1,
  '6.12': environment_6_12,
  '7.2': environment_7_2,
  '7.3': environment_7_3,
};

/** Releases whose source was read and that were booted. */
export const lookedAt: readonly string[] = ['6.1', '6.12', '7.3'];
