// SPDX-License-Identifier: GPL-2.0-only
import { seededRandom, type Random } from '../random.js';

const mix = (value: number): number => {
  const once = Math.imul(value ^ (value >>> 15), 0x2c1b_3c6d);
  const twice = Math.imul(once ^ (once >>> 12), 0x297a_2d39);
  return twice ^ (twice >>> 15);
};

/**
 * The random numbers of one schedule: they follow from the seed and the schedule's number
 * alone, so that it can be drawn again without those before it.
 */
export const streamOf = (seed: number, index: number): Random => {
  let state = mix(seed | 0);
  state = mix(state ^ Math.floor(seed / 0x1_0000_0000));
  return seededRandom(mix(state ^ Math.imul(index + 1, 0x9e37_79b9)));
};
