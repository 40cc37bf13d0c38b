// SPDX-License-Identifier: GPL-2.0-only
import { buildCommand } from '@stricli/core';
import type { CheckFlags } from '../check/run-check.js';
import type { CliContext } from '../context.js';
import { levelFlags } from '../level.js';
import { reportFlags } from '../reports/flags.js';
import { countUpTo, driverFlag, jsonFlag, scenarioNames, text, wholeUpTo } from './flags.js';

const MOST = 1_000_000_000;

const parsed = (brief: string, placeholder: string) =>
  ({ kind: 'parsed', parse: text, optional: true, brief, placeholder }) as const;

const counted = (brief: string, max: number, placeholder = 'n') =>
  ({ kind: 'parsed', parse: countUpTo(max), optional: true, brief, placeholder }) as const;

export const checkCommand = buildCommand<CheckFlags, string[], CliContext>({
  docs: {
    brief: 'Explore every schedule of the scenarios on a model',
    fullDescription:
      'Usage: [SCENARIO…] [--revision R] [--remedy NAME…]\n' +
      'Usage: --battery --quick\n' +
      'Explores the scenarios on the library under a driver and prints each defect with its\n' +
      'smallest schedule. Without --revision: v3, and fixed before it, where what shows is\n' +
      'the driver’s. Findings not listed fail it, and those listed and gone.\n' +
      'Exit: 0 nothing unexpected, 1 a finding, 2 usage, 4 stopped before complete.\n\n' +
      'Example: mpath check --revision v3 path-removed-under-load',
  },
  parameters: {
    positional: scenarioNames,
    flags: {
      driver: driverFlag,
      revision: parsed('The model to explore (mpath drivers NAME); v3 unless given', 'model'),
      against: parsed('The model on which a finding is the driver’s; fixed where no revision is given', 'model'),
      remedy: { ...parsed('v3 with this remedy', 'name'), variadic: true },
      known: parsed('Known findings; the driver’s own unless given', 'dir'),
      preemptions: {
        kind: 'parsed',
        parse: wholeUpTo(1_000),
        optional: true,
        brief: 'Only schedules with so many preemptions',
        placeholder: 'n',
      },
      sample: counted('So many schedules drawn by chance, instead of all', MOST),
      seed: {
        kind: 'parsed',
        parse: wholeUpTo(Number.MAX_SAFE_INTEGER),
        optional: true,
        brief: 'Of the sample; 1 unless given',
        placeholder: 'n',
      },
      method: {
        kind: 'enum',
        values: ['pos', 'pct', 'walk'],
        optional: true,
        brief: 'How it is drawn: pos unless given; pct states its odds',
      },
      states: {
        kind: 'enum',
        values: ['settle', 'all', 'all-forgetting'],
        optional: true,
        brief: 'Which states are known again: settle unless given; with all more searches end',
      },
      steps: counted('Steps of a scenario at most, repeated ones too; 10 million, of a shape 200,000', MOST * 1_000),
      workers: counted('Threads; as many as processors unless given', 256),
      time: counted('Seconds at most for all', 1_000_000, 'seconds'),
      save: parsed('Write what is left to explore there', 'file'),
      resume: parsed('Go on from there', 'file'),
      battery: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'The standard battery instead of the driver’s scenarios',
      },
      quick: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'A look of 15 s, or of --time: what is small whole, samples',
      },
      full: { kind: 'boolean', default: false, withNegated: false, brief: 'Print known findings in full too' },
      json: jsonFlag,
      ...reportFlags,
      ...levelFlags,
    },
  },
  loader: async () => {
    const { runCheck } = await import('../check/run-check.js');
    return function (this: CliContext, flags, ...names) {
      return runCheck(this, flags, names);
    };
  },
});
