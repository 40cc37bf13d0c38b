// SPDX-License-Identifier: GPL-2.0-only
import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.js';
import { levelFlags } from '../level.js';
import type { RepairFlags } from '../repair/run-repair.js';
import { countUpTo, driverFlag, text, wholeUpTo } from './flags.js';

export const repairCommand = buildCommand<RepairFlags, string[], CliContext>({
  docs: {
    brief: 'Find the smallest change after which a finding is gone',
    fullDescription:
      'Usage: FINDING|TOKEN|FILE [SCENARIO…]\n' +
      'Takes the id of a finding, or its replay token, and tries the remedies of the library\n' +
      'and of the driver, alone and together, and added orders (a grace period here, a flush\n' +
      'there). A change mends when the finding is gone and nothing new shows in the scenarios.\n' +
      'Exit: 0 something mends it, 1 nothing does, 2 usage, 4 stopped before all was tried.\n\n' +
      'Example: mpath repair UAF-ed643a path-removed-under-load',
  },
  parameters: {
    positional: {
      kind: 'array',
      minimum: 1,
      parameter: {
        brief: 'The finding, then scenarios in which nothing new may show',
        parse: text,
        placeholder: 'finding',
      },
    },
    flags: {
      driver: driverFlag,
      revision: {
        kind: 'parsed',
        parse: text,
        optional: true,
        brief: 'The model on which an id is looked for; v3 unless given',
        placeholder: 'model',
      },
      steps: {
        kind: 'parsed',
        parse: countUpTo(1_000_000_000),
        default: '500000',
        brief: 'Steps of each search at most',
        placeholder: 'n',
      },
      sets: {
        kind: 'parsed',
        parse: wholeUpTo(8),
        default: '3',
        brief: 'Remedies at a time, at most',
        placeholder: 'n',
      },
      edges: {
        kind: 'parsed',
        parse: wholeUpTo(100),
        default: '12',
        brief: 'Added orders to try, at most',
        placeholder: 'n',
      },
      ...levelFlags,
    },
  },
  loader: async () => {
    const { runRepair } = await import('../repair/run-repair.js');
    return function (this: CliContext, flags, ...names) {
      return runRepair(this, flags, names);
    };
  },
});
