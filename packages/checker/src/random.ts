// SPDX-License-Identifier: GPL-2.0-only

/** A whole number from 0 up to, and without, `limit`. */
export type Random = (limit: number) => number;

/**
 * Seeded pseudo-random numbers, the same on every machine: a 32-bit Weyl sequence put
 * through an integer mixer. Good enough to choose tasks by, no more.
 */
export const seededRandom = (seed: number): Random => {
  let state = seed | 0;
  return (limit) => {
    state = (state + 0x9e37_79b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    mixed ^= mixed >>> 15;
    return Math.floor(((mixed >>> 0) / 0x1_0000_0000) * limit);
  };
};
