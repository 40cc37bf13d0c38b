// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import { counted } from './bounds.js';
import type { SearchStats } from './exploration.js';
import { DataRaces } from './race/data-races.js';
import { withRaces } from './race/race-report.js';
import type { Random } from './random.js';
import { Pct, pctOdds } from './sampling/pct.js';
import { Pos } from './sampling/pos.js';
import { randomWalk } from './sampling/random-walk.js';
import { checkSampleOptions, type PctChance, type SampleOptions, type Sampling } from './sampling/sample-options.js';
import { sampledRun } from './sampling/sampled-run.js';
import type { Sampler } from './sampling/sampler.js';
import { streamOf } from './sampling/stream.js';
import { Tally } from './tally.js';

const PROGRESS_EVERY = 1_000;
const DEPTH = 3;
/** Random walks that k of PCT is taken from. */
const PILOTS = 16;

/** Longest of a few runs that are not among the schedules; the same for each part of one sample. */
const longestPilot = (program: Program, seed: number): number => {
  let longest = 1;
  for (let pilot = 1; pilot <= PILOTS; pilot++) {
    const random = streamOf(seed, -1 - pilot);
    longest = Math.max(longest, sampledRun(program, randomWalk(random), random, new Tally()).steps);
  }
  return longest;
};

const samplersOf = (options: SampleOptions, k: number): ((random: Random) => Sampler) => {
  switch (options.method ?? 'walk') {
    case 'walk':
      return randomWalk;
    case 'pos':
      return (random) => new Pos(random);
    case 'pct':
      return (random) => new Pct(random, { depth: options.depth ?? DEPTH, steps: k });
  }
};

const chanceText = ({ depth, tasks, steps, oneIn, together, longer }: PctChance): string => {
  const power = depth === 1 ? '' : ` × ${counted(steps, 'step')}${depth === 2 ? '' : `^${String(depth - 1)}`}`;
  const all = `all together at least ${(together * 100).toFixed(together < 0.1 ? 3 : 1)}%`;
  const beyond = longer === 0 ? '' : `; ${counted(longer, 'longer run')} not counted`;
  return `PCT: a bug of depth ${String(depth)} in one schedule of ${counted(tasks, 'task')}${power} = ${oneIn.toLocaleString('en-US')}, ${all}${beyond}`;
};

/**
 * Runs schedules drawn by chance. Never complete; the same options give the same bytes, and
 * the n-th schedule depends on program, method, seed and n alone.
 * @throws LMP-301 kernel code threw; LMP-306 options out of range
 */
export const sample = (program: Program, options: SampleOptions): Sampling => {
  checkSampleOptions(options);
  const { seed, schedules, first = 0, method = 'walk', now, timeMs } = options;
  const pct = method === 'pct';
  const k = pct ? (options.steps ?? longestPilot(program, seed)) : 0;
  const samplerOf = samplersOf(options, k);
  const tally = new Tally();
  const races = options.races === false ? undefined : new DataRaces();
  const until = now === undefined || timeMs === undefined ? Infinity : now() + timeMs;
  const late = (): boolean => now !== undefined && now() >= until;
  let [executions, steps, maxDepth, tasks, longer] = [0, 0, 0, 0, 0];
  const stats = (): SearchStats => ({
    executions,
    steps,
    replayedSteps: 0,
    states: 0,
    memoHits: 0,
    pruned: 0,
    maxDepth,
  });
  while (executions < schedules && !late()) {
    const random = streamOf(seed, first + executions);
    const size = sampledRun(program, samplerOf(random), random, tally, races);
    executions++;
    steps += size.steps;
    maxDepth = Math.max(maxDepth, size.steps);
    tasks = Math.max(tasks, size.tasks);
    if (size.steps > k) longer++;
    if (executions % PROGRESS_EVERY === 0) options.onProgress?.(stats());
  }
  const from = first === 0 ? '' : ` from number ${String(first)}`;
  const cut = executions < schedules ? `, stopped after ${counted(timeMs ?? 0, 'millisecond')}` : '';
  const base = `sampled ${counted(executions, 'schedule')}${from}, seed ${String(seed)}${cut}`;
  const findings = tally.findings();
  const raced = races?.found() ?? [];
  const found = {
    complete: false,
    ...findings,
    reports: withRaces(findings.reports, raced),
    ...(races === undefined ? {} : { races: raced }),
    stats: stats(),
  };
  if (!pct) return { ...found, bound: method === 'pos' ? `${base} (POS)` : base };
  const depth = options.depth ?? DEPTH;
  const oneIn = pctOdds(tasks, k, depth);
  const together = -Math.expm1((executions - longer) * Math.log1p(-1 / oneIn));
  const chance: PctChance = { depth, tasks, steps: k, oneIn, together, longer };
  return { ...found, bound: `${base} (${chanceText(chance)})`, chance };
};
