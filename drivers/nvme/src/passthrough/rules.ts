// SPDX-License-Identifier: GPL-2.0-only
import type { nvme_ctrl } from '../environment/nvme-ctrl.js';
import { featuresOfDriver, NVME_FEAT_KATO, nvme_admin_set_features } from './numbers.js';
import { nvme_status_to_pr_err } from './pr-status.js';
import type { user_command } from './user-command.js';

/** How passthrough of one kernel differs from that of another. */
export interface PassthroughRules {
  /** Every command needs CAP_SYS_ADMIN; else the command and how the file was opened decide. */
  readonly adminOnly: boolean;
  /** Is NVME_IOCTL_SUBMIT_IO looked at as the other commands are? Before, everybody may send it. */
  readonly checksSubmitIo: boolean;
  /** Does the driver keep a Set Features for itself, whoever asks? Pure. */
  readonly keeps: (ctrl: nvme_ctrl, command: user_command) => boolean;
  /** Does a command on a path of a multipath head count as the head's, for queue-depth? */
  readonly countsAsMpath: boolean;
  /** What a reservation command's status is to the caller. Pure. */
  readonly prStatus: (status: number) => number;
  /** Can keys and the reservation be read? */
  readonly readsReservations: boolean;
}

const nothing = (): boolean => false;
const raw = (status: number): number => status;

/** 6.1: passthrough is root's, but for the oldest ioctl; a reservation's status is handed out as it is. */
export const passthrough_6_1: PassthroughRules = {
  adminOnly: true,
  checksSubmitIo: false,
  keeps: nothing,
  countsAsMpath: false,
  prStatus: raw,
  readsReservations: false,
};

/** 6.12. */
export const passthrough_6_12: PassthroughRules = {
  ...passthrough_6_1,
  adminOnly: false,
  prStatus: nvme_status_to_pr_err,
  readsReservations: true,
};

/** 7.2 and 7.3. */
export const passthrough_7_2: PassthroughRules = {
  ...passthrough_6_12,
  checksSubmitIo: true,
  keeps: (ctrl, { opcode, cdw10 }) => {
    const feature = cdw10 & 0xff;
    if (opcode !== nvme_admin_set_features) return false;
    return featuresOfDriver.includes(feature) || (feature === NVME_FEAT_KATO && ctrl.opts === null);
  },
  countsAsMpath: true,
};
