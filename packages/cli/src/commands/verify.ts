// SPDX-License-Identifier: GPL-2.0-only
import { buildCommand } from '@stricli/core';
import type { CliContext } from '../context.js';
import { levelFlags } from '../level.js';
import { reportFlags } from '../reports/flags.js';
import type { VerifyFlags } from '../verify/run-verify.js';
import { parseShard } from '../verify/shard.js';
import { countUpTo, driverFlag, jsonFlag, scenarioNames, text } from './flags.js';

export const verifyCommand = buildCommand<VerifyFlags, string[], CliContext>({
  docs: {
    brief: 'Boot kernels and compare what they do with the model of each',
    fullDescription:
      'Usage: [--kernel K]… [SCENARIO…]\n' +
      'Usage: --kernel path/to/bzImage --modules DIR\n' +
      'Usage: --recorded [--kernel K]…\n' +
      'Runs the scenarios on real kernels in virtual machines, explores the same\n' +
      'scenarios on the model of each kernel, and compares.\n' +
      'Exit: 0 all agree, 1 a divergence, 2 usage, environment or nothing to compare,\n' +
      '3 a kernel fault, 4 the time was over.\n\n' +
      'Example: mpath verify --kernel 6.1 --kernel 7.3 round-robin-alternates',
  },
  parameters: {
    positional: scenarioNames,
    flags: {
      driver: driverFlag,
      kernel: {
        kind: 'parsed',
        parse: text,
        variadic: true,
        optional: true,
        placeholder: 'kernel',
        brief: 'A name (mpath vm list), latest (default), host, or a bzImage',
      },
      modules: {
        kind: 'parsed',
        parse: text,
        optional: true,
        placeholder: 'dir',
        brief: 'Its modules, where the kernel is a bzImage',
      },
      revision: {
        kind: 'parsed',
        parse: text,
        optional: true,
        placeholder: 'r',
        brief: 'The kernel has libmultipath: compare with this revision',
      },
      runs: {
        kind: 'parsed',
        parse: countUpTo(10_000),
        default: '1',
        placeholder: 'n',
        brief: 'Runs of each scenario on a machine',
      },
      repeat: {
        kind: 'parsed',
        parse: countUpTo(1_000),
        default: '1',
        placeholder: 'n',
        brief: 'Fresh machines for each scenario',
      },
      record: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Keep what the kernels showed in recordings/',
      },
      recorded: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Compare with recordings; boots nothing',
      },
      time: {
        kind: 'parsed',
        parse: countUpTo(100_000),
        optional: true,
        placeholder: 's',
        brief: 'Seconds after which nothing more is begun',
      },
      shard: {
        kind: 'parsed',
        parse: parseShard,
        optional: true,
        placeholder: 'i/n',
        brief: 'The i-th of n parts of the scenarios',
      },
      expect: {
        kind: 'parsed',
        parse: text,
        optional: true,
        placeholder: 'file',
        brief: 'Known failures, each excused until a day',
      },
      artifacts: {
        kind: 'parsed',
        parse: text,
        optional: true,
        placeholder: 'dir',
        brief: 'Console, trace and report of each scenario there',
      },
      json: jsonFlag,
      ...reportFlags,
      ...levelFlags,
      keep: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Leave the machines’ folders and console logs',
      },
    },
  },
  loader: async () => {
    const { runVerify } = await import('../verify/run-verify.js');
    return function (this: CliContext, flags, ...names) {
      return runVerify(this, flags, names);
    };
  },
});
