// SPDX-License-Identifier: GPL-2.0-only

/** enum scsi_device_state. */
export const SDEV_CREATED = 1;
export const SDEV_RUNNING = 2;
export const SDEV_CANCEL = 3;
export const SDEV_DEL = 4;
export const SDEV_QUIESCE = 5;
export const SDEV_OFFLINE = 6;
export const SDEV_TRANSPORT_OFFLINE = 7;
export const SDEV_BLOCK = 8;
export const SDEV_CREATED_BLOCK = 9;

/** sysfs text of each state. Kernel: sdev_states. */
export const sdev_state_names: ReadonlyMap<number, string> = new Map([
  [SDEV_CREATED, 'created'],
  [SDEV_RUNNING, 'running'],
  [SDEV_CANCEL, 'cancel'],
  [SDEV_DEL, 'deleted'],
  [SDEV_QUIESCE, 'quiesce'],
  [SDEV_OFFLINE, 'offline'],
  [SDEV_TRANSPORT_OFFLINE, 'transport-offline'],
  [SDEV_BLOCK, 'blocked'],
  [SDEV_CREATED_BLOCK, 'created-blocked'],
]);

const offlineFrom = [SDEV_CREATED, SDEV_RUNNING, SDEV_QUIESCE, SDEV_BLOCK];

/** State to be entered → states it may be entered from. */
const legalFrom: ReadonlyMap<number, readonly number[]> = new Map([
  [SDEV_CREATED, [SDEV_CREATED_BLOCK]],
  [SDEV_RUNNING, [SDEV_CREATED, SDEV_OFFLINE, SDEV_TRANSPORT_OFFLINE, SDEV_QUIESCE, SDEV_BLOCK]],
  [SDEV_QUIESCE, [SDEV_RUNNING, SDEV_OFFLINE, SDEV_TRANSPORT_OFFLINE]],
  [SDEV_OFFLINE, offlineFrom],
  [SDEV_TRANSPORT_OFFLINE, offlineFrom],
  [SDEV_BLOCK, [SDEV_RUNNING, SDEV_CREATED_BLOCK, SDEV_QUIESCE, SDEV_OFFLINE]],
  [SDEV_CREATED_BLOCK, [SDEV_CREATED]],
  [SDEV_CANCEL, [SDEV_CREATED, SDEV_RUNNING, SDEV_QUIESCE, SDEV_OFFLINE, SDEV_TRANSPORT_OFFLINE]],
  [
    SDEV_DEL,
    [SDEV_CREATED, SDEV_RUNNING, SDEV_OFFLINE, SDEV_TRANSPORT_OFFLINE, SDEV_CANCEL, SDEV_BLOCK, SDEV_CREATED_BLOCK],
  ],
]);

/** May a device go from one state to the other? To the state it is in: always. */
export const isLegalDeviceMove = (from: number, to: number): boolean =>
  from === to || (legalFrom.get(to)?.includes(from) ?? false);

/** Kernel: scsi_device_online(), of a state. */
export const isOnline = (state: number): boolean =>
  state !== SDEV_OFFLINE && state !== SDEV_TRANSPORT_OFFLINE && state !== SDEV_DEL;

/** Kernel: scsi_device_blocked(), of a state. */
export const isBlocked = (state: number): boolean => state === SDEV_BLOCK || state === SDEV_CREATED_BLOCK;
