// SPDX-License-Identifier: GPL-2.0-only
import { toBe, u8, type Bytes } from './bytes.js';

export const TEST_UNIT_READY = 0x00;
export const REQUEST_SENSE = 0x03;
export const INQUIRY = 0x12;
export const READ_CAPACITY = 0x25;
export const READ_10 = 0x28;
export const WRITE_10 = 0x2a;
export const SYNCHRONIZE_CACHE = 0x35;
export const PERSISTENT_RESERVE_IN = 0x5e;
export const PERSISTENT_RESERVE_OUT = 0x5f;
export const REPORT_LUNS = 0xa0;
export const MAINTENANCE_IN = 0xa3;
export const MAINTENANCE_OUT = 0xa4;

/** Service actions of MAINTENANCE IN and OUT. */
export const MI_REPORT_TARGET_PGS = 0x0a;
export const MO_SET_TARGET_PGS = 0x0a;
/** Asks for the extended header; a flag beside the service action. */
export const MI_EXT_HDR_PARAM_FMT = 0x20;

/** A command descriptor block. */
export type Cdb = readonly number[];

export const testUnitReady: Cdb = [TEST_UNIT_READY, 0, 0, 0, 0, 0];

/** Asks for the standard data, or for a VPD page. Lengths in bytes. */
export const inquiry = (lengthBytes: number, page?: number): Cdb => [
  INQUIRY,
  page === undefined ? 0 : 1,
  page ?? 0,
  ...toBe(lengthBytes, 2),
  0,
];

export const readCapacity10: Cdb = [READ_CAPACITY, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/** Reads or writes `blocks` logical blocks from `lba`. */
export const transfer10 = (opcode: typeof READ_10 | typeof WRITE_10, lba: number, blocks: number): Cdb => [
  opcode,
  0,
  ...toBe(lba, 4),
  0,
  ...toBe(blocks, 2),
  0,
];

export const reportTargetPortGroups = (lengthBytes: number, extendedHeader: boolean): Cdb => [
  MAINTENANCE_IN,
  MI_REPORT_TARGET_PGS | (extendedHeader ? MI_EXT_HDR_PARAM_FMT : 0),
  0,
  0,
  0,
  0,
  ...toBe(lengthBytes, 4),
  0,
  0,
];

export const setTargetPortGroups = (lengthBytes: number): Cdb => [
  MAINTENANCE_OUT,
  MO_SET_TARGET_PGS,
  0,
  0,
  0,
  0,
  ...toBe(lengthBytes, 4),
  0,
  0,
];

/** Kernel: scsi_medium_access_command(), of the opcodes that the model sends. */
export const isMediumAccess = (cdb: Bytes): boolean => [READ_10, WRITE_10, SYNCHRONIZE_CACHE].includes(u8(cdb, 0));
