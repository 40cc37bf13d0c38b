// SPDX-License-Identifier: GPL-2.0-only

/*
 * Names that scenario files use for numbers of the protocol. Access states and device states are called
 * what sysfs calls them.
 */

/** Asymmetric access states, as `access_state` shows them. */
export const accessStates = [
  'active/optimized',
  'active/non-optimized',
  'standby',
  'unavailable',
  'lba-dependent',
  'offline',
  'transitioning',
] as const;
export type AccessStateName = (typeof accessStates)[number];

const accessNumbers: Readonly<Record<AccessStateName, number>> = {
  'active/optimized': 0x0,
  'active/non-optimized': 0x1,
  standby: 0x2,
  unavailable: 0x3,
  'lba-dependent': 0x4,
  offline: 0xe,
  transitioning: 0xf,
};

/** The low nibble of a descriptor. */
export const accessStateNumber = (name: AccessStateName): number => accessNumbers[name];

/** Kinds of TPGS, in the order of their numbers. */
export const tpgsKinds = ['none', 'implicit', 'explicit', 'both'] as const;

/** Peripheral device types that a unit may have, with their numbers. */
export const unitTypes = ['disk', 'tape', 'enclosure'] as const;
export const unitTypeNumber: Readonly<Record<(typeof unitTypes)[number], number>> = {
  disk: 0x00,
  tape: 0x01,
  enclosure: 0x0d,
};

/** Simulated arrays of a guest. */
export const arrays = ['qemu', 'scsi_debug', 'lio'] as const;

/** Serial number of a path's disk of QEMU: how the guest tells paths apart. */
export const serialOf = (path: string): string => `path-${path}`;

const LIO_FIRST = 0x5000_0000_0000_0001n;
/** `wwn/vpd_unit_serial` of a unit of LIO, by its place in the topology. */
export const lioSerial = (unit: number): string => (LIO_FIRST + BigInt(unit)).toString(16);
/** World wide name of the target that a host of tcm_loop leads to, by the host's place. */
export const lioTarget = (host: number): string => `naa.600140500000000${String(host + 1)}`;
/** Product of LIO's ramdisks, when every port can be asked for it. */
export const LIO_MODEL = 'RAMDISK-MCP';

/** Kinds of reservation with their numbers. Kernel: enum pr_type. */
export const reservationTypes = {
  'write-exclusive': 1,
  'exclusive-access': 2,
  'write-exclusive-registrants': 3,
  'exclusive-access-registrants': 4,
} as const;
export type ReservationType = keyof typeof reservationTypes;

/** Attributes that are bytes of the device: shown in hexadecimal. */
export const isData = (attribute: string): boolean => attribute === 'inquiry' || attribute.startsWith('vpd_pg');
/** Bytes that came as characters U+0000 to U+00FF. */
export const hexText = (bytes: string): string =>
  Array.from(bytes, (char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('');
