// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import { streamOf } from '../sampling/stream.js';
import { probe, type Probe } from './probe.js';

/** A number that may be too large to write out, and how well it is known. */
export interface Estimate {
  /** Infinity beyond what a number holds; `log10` says it still. */
  readonly mean: number;
  readonly log10: number;
  /** Standard error of the mean, as a part of the mean: 0.1 is ± 10 %. */
  readonly spread: number;
}

/** Mean of the values whose logarithms are given. */
const meanOf = (logs: readonly number[]): Estimate => {
  const top = Math.max(...logs);
  if (top === -Infinity) return { mean: 0, log10: -Infinity, spread: 0 };
  const scaled = logs.map((log) => Math.exp(log - top));
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  const variance = scaled.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, scaled.length - 1);
  const log10 = (top + Math.log(mean)) / Math.LN10;
  return { mean: 10 ** log10, log10, spread: Math.sqrt(variance / scaled.length) / mean };
};

export interface TreeSize {
  /** Schedules, without any reduction. */
  readonly schedules: Estimate;
  /** Steps that running each of them would take. */
  readonly steps: Estimate;
  /** Longest run and most tasks that were met. */
  readonly longest: number;
  readonly tasks: number;
}

/**
 * How many schedules a program has (Knuth, Mathematics of Computation 29, 1975): the ways
 * out multiplied along a random way down, the mean of many such ways. Right on average
 * for any tree; where few ways lead to most of it the mean is too small until one is met,
 * and `spread` too.
 * @param probes ways down, at least 1
 * @param maxPreemptions of the schedules that count; default all
 */
export const treeSize = (program: Program, seed: number, probes: number, maxPreemptions = Infinity): TreeSize => {
  const ways: Probe[] = Array.from({ length: probes }, (_, index) =>
    probe(program, streamOf(seed, index), maxPreemptions),
  );
  return {
    schedules: meanOf(ways.map(({ logWeight }) => logWeight)),
    steps: meanOf(ways.map(({ logWeight, steps }) => logWeight + Math.log(steps))),
    longest: Math.max(...ways.map(({ steps }) => steps)),
    tasks: Math.max(...ways.map(({ tasks }) => tasks)),
  };
};
