// SPDX-License-Identifier: GPL-2.0-only

/** Asymmetric access states, the low nibble of a descriptor and of `scsi_device.access_state`. */
export const SCSI_ACCESS_STATE_OPTIMAL = 0x00;
export const SCSI_ACCESS_STATE_ACTIVE = 0x01;
export const SCSI_ACCESS_STATE_STANDBY = 0x02;
export const SCSI_ACCESS_STATE_UNAVAILABLE = 0x03;
export const SCSI_ACCESS_STATE_LBA = 0x04;
export const SCSI_ACCESS_STATE_OFFLINE = 0x0e;
export const SCSI_ACCESS_STATE_TRANSITIONING = 0x0f;
export const SCSI_ACCESS_STATE_MASK = 0x0f;
/** The preferred bit; the kernel stores a descriptor's first byte as it came, with this and the bits between. */
export const SCSI_ACCESS_STATE_PREFERRED = 0x80;

interface AccessState {
  /** What `access_state` shows. */
  readonly name: string;
  /** What the handler's messages show. */
  readonly letter: string;
}

const states: ReadonlyMap<number, AccessState> = new Map([
  [SCSI_ACCESS_STATE_OPTIMAL, { name: 'active/optimized', letter: 'A' }],
  [SCSI_ACCESS_STATE_ACTIVE, { name: 'active/non-optimized', letter: 'N' }],
  [SCSI_ACCESS_STATE_STANDBY, { name: 'standby', letter: 'S' }],
  [SCSI_ACCESS_STATE_UNAVAILABLE, { name: 'unavailable', letter: 'U' }],
  [SCSI_ACCESS_STATE_LBA, { name: 'lba-dependent', letter: 'L' }],
  [SCSI_ACCESS_STATE_OFFLINE, { name: 'offline', letter: 'O' }],
  [SCSI_ACCESS_STATE_TRANSITIONING, { name: 'transitioning', letter: 'T' }],
]);

/** Text of `access_state` for a stored byte. Kernel: sdev_show_access_state() without its newline. */
export const accessStateName = (byte: number): string => states.get(byte & SCSI_ACCESS_STATE_MASK)?.name ?? 'unknown';

/** Kernel: print_alua_state(). */
export const accessStateLetter = (state: number): string => states.get(state)?.letter ?? 'X';

/** Bits of a descriptor's second byte, with the letter of each; a state that is not supported is lower case. */
const supportBits: readonly (readonly [number, string])[] = [
  [0x80, 'T'],
  [0x40, 'O'],
  [0x10, 'L'],
  [0x08, 'U'],
  [0x04, 'S'],
  [0x02, 'N'],
  [0x01, 'A'],
];

export const TPGS_SUPPORT_OPTIMIZED = 0x01;
/** What a group is taken to support before its first report. */
export const TPGS_SUPPORT_ALL = 0xdf;

/** `TOLUSNA`, as in the handler's messages. */
export const supportLetters = (valid_states: number): string =>
  supportBits.map(([bit, letter]) => ((valid_states & bit) === 0 ? letter.toLowerCase() : letter)).join('');
