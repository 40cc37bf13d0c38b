// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { buildApplication, buildRouteMap, proposeCompletions, run, version as versionIntegration } from '@stricli/core';
import { checkCommand } from './commands/check.js';
import { completionCommand } from './commands/completion.js';
import { diffCommand } from './commands/diff.js';
import { explainCommand } from './commands/explain.js';
import { driversCommand, scenariosCommand } from './commands/lists.js';
import { newRoutes } from './commands/new.js';
import { repairCommand } from './commands/repair.js';
import { replayCommand } from './commands/replay.js';
import { verifyCommand } from './commands/verify.js';
import { vmRoutes } from './commands/vm.js';
import type { CliContext } from './context.js';
import { helpIntegration, type GroupExamples } from './help/help-integration.js';
import { usageText } from './usage-text.js';

const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const version =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';

const examples: GroupExamples = {
  mpath: 'mpath check --quick',
  'mpath new': 'mpath new driver acme',
  'mpath vm': 'mpath vm list',
};

/** The commands and what they take; the reference is generated from it. */
export const application = buildApplication<CliContext>(
  buildRouteMap<string, CliContext>({
    routes: {
      verify: verifyCommand,
      check: checkCommand,
      diff: diffCommand,
      replay: replayCommand,
      repair: repairCommand,
      scenarios: scenariosCommand,
      drivers: driversCommand,
      explain: explainCommand,
      new: newRoutes,
      completion: completionCommand,
      vm: vmRoutes,
    },
    docs: { brief: 'An executable model of Linux native multipath, held to real kernels' },
  }),
  {
    name: 'mpath',
    documentation: { onlyRequiredInUsageLine: true },
    localization: { text: usageText },
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
  },
  {
    help: helpIntegration(examples, { all: false, brief: 'What it does, and an example' }),
    helpAll: helpIntegration(examples, { all: true, brief: 'Every option in full' }),
    version: versionIntegration({ brief: 'Print the version', info: { currentVersion: version }, alias: 'v' }),
  },
);

/** Runs the command line; the answer is the exit code. */
export const mpath = async (args: readonly string[], context: CliContext): Promise<number> => {
  const { stdout, stderr } = context.process;
  if (args[0] === '__complete') return complete(args.slice(1), context);
  const streams: { stdout: typeof stdout; stderr: typeof stderr; exitCode?: number | string | null } = {
    stdout,
    stderr,
  };
  await run(application, args, { ...context, process: streams, forCommand: () => context });
  // Its own codes are negative: unknown command, unknown option, missing argument.
  return Number(streams.exitCode ?? 0) === 0 ? context.exit : 2;
};

/** What the scripts of `mpath completion` call: one completion a line, a tab, what it is. */
const complete = async (words: readonly string[], context: CliContext): Promise<number> => {
  for (const { completion, brief } of await proposeCompletions(application, words, {
    ...context,
    forCommand: () => context,
  })) {
    context.process.stdout.write(`${completion}\t${brief}\n`);
  }
  return 0;
};
