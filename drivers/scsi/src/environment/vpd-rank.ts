// SPDX-License-Identifier: GPL-2.0-only
import { u8, type Bytes } from './bytes.js';

/** Designator types of page 0x83. */
export const DESIGNATOR_T10 = 1;
export const DESIGNATOR_EUI64 = 2;
export const DESIGNATOR_NAA = 3;
export const DESIGNATOR_RELATIVE_PORT = 4;
export const DESIGNATOR_PORT_GROUP = 5;
export const DESIGNATOR_NAME = 8;

/** Rank of a name string that is longer than the caller's buffer. */
export const RANK_TRUNCATED_NAME = 2;

const NAME_RANK = 9;
const T10_RANK = 1;
/** By the NAA nibble alone: the length is not looked at. */
const naaRank: Readonly<Record<number, number>> = { 3: 1, 4: 4, 5: 5, 6: 8 };
const euiRank: Readonly<Record<number, number>> = { 8: 3, 12: 6, 16: 7 };

/**
 * How good an identifier the designator at `at` is; 0 is none: not of the logical unit, empty, or of
 * a type or form that identifies nothing.
 * Kernel: designator_prio(), all versions.
 */
export const designatorRank = (page: Bytes, at: number): number => {
  const length = u8(page, at + 3);
  if ((u8(page, at + 1) & 0x30) !== 0 || length === 0) return 0;
  switch (u8(page, at + 1) & 0xf) {
    case DESIGNATOR_NAME:
      return NAME_RANK;
    case DESIGNATOR_NAA:
      return naaRank[u8(page, at + 4) >> 4] ?? 0;
    case DESIGNATOR_EUI64:
      return euiRank[length] ?? 0;
    case DESIGNATOR_T10:
      return T10_RANK;
    default:
      return 0;
  }
};
