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
