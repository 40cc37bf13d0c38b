// SPDX-License-Identifier: GPL-2.0-only
import { replayToken, storyOf, type TokenReplay } from '@libmultipath/checker';
import { findingLines, findingMail, printable } from '@libmultipath/report';
import { findConfig, loadConfig, type LoadedConfig } from '../config.js';
import { colourOn, running, type CliContext, type Output } from '../context.js';
import { selectScenarios } from '../selection.js';
import { readToken } from './read-token.js';
import { resolveScenario } from './scenario-ref.js';

export interface ReplayFlags {
  readonly mail: boolean;
}

const COLUMNS = 100;

/** One schedule, whatever a search would say of the others. */
const BOUND = 'one schedule, repeated';

/** `mpath replay TOKEN|FILE`. */
export const runReplay = async (context: CliContext, flags: ReplayFlags, argument: string): Promise<void> => {
  let config: LoadedConfig | undefined;
  await running(
    context,
    async () => {
      const token = await readToken(argument, context.cwd);
      config = await loadConfig(findConfig(context.cwd));
      const replayed = replayToken(token, resolveScenario(await selectScenarios(config, [], undefined)));
      const { stdout, stderr } = context.process;
      if (replayed.fit === 're-anchored') {
        stderr.write(
          `The code changed since the token was made: its labels led through (${String(replayed.moved)} steps moved).\n`,
        );
      }
      printReplay(replayed, flags, stdout, colourOn(context, stdout));
      return replayed.finding === undefined ? 0 : 1;
    },
    () => config?.errors ?? [],
  );
};

const printReplay = (replayed: TokenReplay, { mail }: ReplayFlags, stdout: Output, colour: boolean): void => {
  const { finding, program, token, run } = replayed;
  if (finding === undefined) {
    for (const { index, task, site } of run.events) {
      stdout.write(`${String(index).padStart(4)}  ${printable(task)}  ${printable(site)}\n`);
    }
    const others = replayed.found.length === 0 ? 'It shows nothing' : `It shows ${replayed.found.join(', ')}`;
    stdout.write(`${token.finding} does not show in this schedule any more. ${others}.\n`);
    return;
  }
  const story = storyOf(program, finding, { revision: token.revision, bound: BOUND });
  if (mail) stdout.write(findingMail(story));
  else stdout.write(`${findingLines(story, { columns: stdout.columns ?? COLUMNS, colour }).join('\n')}\n`);
};
