// SPDX-License-Identifier: GPL-2.0-only
import { buildCommand } from '@stricli/core';
import { proposals } from '../completion/propose.js';
import type { CliContext } from '../context.js';
import { reportFlags } from '../reports/flags.js';
import { levelFlags } from '../level.js';
import type { DiffFlags } from '../run-diff.js';
import { driverFlag, jsonFlag, text } from './flags.js';

export const diffCommand = buildCommand<DiffFlags, string[], CliContext>({
  docs: {
    brief: 'Compare two models: every observation in which what they allow differs',
    fullDescription:
      'Usage: A B [SCENARIO…]\n' +
      'Explores the scenarios on both models (mpath drivers NAME lists them) and prints\n' +
      'every observation in which what they allow differs, and why.\n' +
      'Exit: 0 every difference is explained, 1 one is not, 2 usage, or nothing could be\n' +
      'compared.\n\n' +
      'Example: mpath diff 7.3 v3 last-path-removed',
  },
  parameters: {
    positional: {
      kind: 'array',
      minimum: 2,
      parameter: {
        brief: 'Two models, then names of scenarios',
        parse: text,
        placeholder: 'model',
        proposeCompletions: proposals.models,
      },
    },
    flags: { driver: driverFlag, json: jsonFlag, ...reportFlags, ...levelFlags },
  },
  loader: async () => {
    const { runDiff } = await import('../run-diff.js');
    return function (this: CliContext, flags, ...names) {
      return runDiff(this, flags, names);
    };
  },
});
