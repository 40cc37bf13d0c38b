// SPDX-License-Identifier: GPL-2.0-only

/** enum scsi_host_state. */
export const SHOST_CREATED = 1;
export const SHOST_RUNNING = 2;
export const SHOST_CANCEL = 3;
export const SHOST_DEL = 4;
export const SHOST_RECOVERY = 5;
export const SHOST_CANCEL_RECOVERY = 6;
export const SHOST_DEL_RECOVERY = 7;

/** sysfs text of each state. Kernel: shost_states. */
export const shost_state_names: ReadonlyMap<number, string> = new Map([
  [SHOST_CREATED, 'created'],
  [SHOST_RUNNING, 'running'],
  [SHOST_CANCEL, 'cancel'],
  [SHOST_DEL, 'deleted'],
  [SHOST_RECOVERY, 'recovery'],
  [SHOST_CANCEL_RECOVERY, 'cancel/recovery'],
  [SHOST_DEL_RECOVERY, 'deleted/recovery'],
]);

/** State to be entered → states it may be entered from; nothing comes back to SHOST_CREATED. */
const legalFrom: ReadonlyMap<number, readonly number[]> = new Map([
  [SHOST_RUNNING, [SHOST_CREATED, SHOST_RECOVERY]],
  [SHOST_RECOVERY, [SHOST_RUNNING]],
  [SHOST_CANCEL, [SHOST_CREATED, SHOST_RUNNING, SHOST_CANCEL_RECOVERY]],
  [SHOST_DEL, [SHOST_CANCEL, SHOST_DEL_RECOVERY]],
  [SHOST_CANCEL_RECOVERY, [SHOST_CANCEL, SHOST_RECOVERY]],
  [SHOST_DEL_RECOVERY, [SHOST_CANCEL_RECOVERY]],
]);

/** May a host go from one state to the other? To the state it is in: always. */
export const isLegalHostMove = (from: number, to: number): boolean =>
  from === to || (legalFrom.get(to)?.includes(from) ?? false);

/** Kernel: scsi_host_in_recovery(), of a state, without the flag tmf_in_progress. */
export const isInRecovery = (state: number): boolean =>
  state === SHOST_RECOVERY || state === SHOST_CANCEL_RECOVERY || state === SHOST_DEL_RECOVERY;
