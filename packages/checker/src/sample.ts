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
import { MOST_STEPS, sampledRun } from './sampling/sampled-run.js';
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

/** What PCT promises of so many schedules. */
export const chanceOf = (
  { depth, tasks, steps, longer }: Pick<PctChance, 'depth' | 'tasks' | 'steps' | 'longer'>,
  schedules: number,
): PctChance => {
  const oneIn = pctOdds(tasks, steps, depth);
  const together = -Math.expm1((schedules - longer) * Math.log1p(-1 / oneIn));
  return { depth, tasks, steps, oneIn, together, longer };
};

export const chanceText = ({ depth, tasks, steps, oneIn, together, longer }: PctChance): string => {
  const power = depth === 1 ? '' : ` × ${counted(steps, 'step')}${depth === 2 ? '' : `^${String(depth - 1)}`}`;
  const percent = together * 100;
  const all = `all together at least ${percent < 1 ? percent.toPrecision(2) : percent.toFixed(1)}%`;
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
  let [executions, steps, maxDepth, tasks, longer, endless] = [0, 0, 0, 0, 0, 0];
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
    const size = sampledRun(program, samplerOf(random), random, tally, races, late);
    if (size.cut && size.steps < MOST_STEPS) break;
    executions++;
    if (size.cut) endless++;
    steps += size.steps;
    maxDepth = Math.max(maxDepth, size.steps);
    tasks = Math.max(tasks, size.tasks);
    if (size.steps > k) longer++;
    if (executions % PROGRESS_EVERY === 0) options.onProgress?.(stats());
  }
  const from = first === 0 ? '' : ` from number ${String(first)}`;
  const cut = executions < schedules ? `, stopped after ${counted(timeMs ?? 0, 'millisecond')}` : '';
  const left = endless === 0 ? '' : `, ${String(endless)} of them left after ${counted(MOST_STEPS, 'step')}`;
  const base = `sampled ${counted(executions, 'schedule')}${from}, seed ${String(seed)}${left}${cut}`;
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
  const chance = chanceOf({ depth: options.depth ?? DEPTH, tasks, steps: k, longer }, executions);
  return { ...found, bound: `${base} (${chanceText(chance)})`, chance };
};
