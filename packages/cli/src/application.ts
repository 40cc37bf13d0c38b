// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { buildApplication, buildRouteMap, proposeCompletions, run } from '@stricli/core';
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
import { usageText } from './usage-text.js';

const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const version =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';

const application = buildApplication<CliContext>(
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
    versionInfo: { currentVersion: version },
    documentation: { onlyRequiredInUsageLine: true },
    localization: { text: usageText },
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
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
