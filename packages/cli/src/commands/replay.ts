// SPDX-License-Identifier: GPL-2.0-only
import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.js';
import { htmlFlag } from '../reports/flags.js';
import type { ReplayFlags } from '../findings/run-replay.js';
import { text } from './flags.js';

export const replayCommand = buildCommand<ReplayFlags, [string], CliContext>({
  docs: {
    brief: 'Run one schedule of a finding again, event by event',
    fullDescription:
      'Usage: TOKEN|FILE\n' +
      'Takes the replay token that a finding prints, or a file that holds one, and runs its\n' +
      'schedule again. `mpath check --full SCENARIO > found.txt` makes such a file. When the\n' +
      'code changed since, the labels of the token lead through it.\n' +
      'Exit: 1 the finding shows, 0 it shows no more, 2 usage, or the token does not fit.\n\n' +
      'Example: mpath replay --mail found.txt',
  },
  parameters: {
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'A replay token, or a file that holds one', parse: text, placeholder: 'token' }],
    },
    flags: {
      mail: { kind: 'boolean', brief: 'Print it as a plain text mail, 72 columns wide', default: false },
      html: htmlFlag,
    },
  },
  loader: async () => {
    const { runReplay } = await import('../findings/run-replay.js');
    return function (this: CliContext, flags, token) {
      return runReplay(this, flags, token);
    };
  },
});
