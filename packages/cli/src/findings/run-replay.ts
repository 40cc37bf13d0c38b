// SPDX-License-Identifier: GPL-2.0-only
import { resolve } from 'node:path';
import { replayToken, storyOf, type TokenReplay } from '@libmultipath/checker';
import { findingLines, findingMail, pageHtml, pageStory, printable } from '@libmultipath/report';
import { findConfig, loadConfig, type LoadedConfig } from '../config.js';
import { colourOn, running, type CliContext, type Output } from '../context.js';
import { detailedStory } from '../reports/check-stories.js';
import { checkWritable, writeWhole } from '../reports/write-whole.js';
import { selectEverything } from '../battery/select-battery.js';
import type { Chosen } from '../selection.js';
import { readToken } from './read-token.js';
import { findScenario, resolveScenario } from './scenario-ref.js';

export interface ReplayFlags {
  readonly mail: boolean;
  readonly html?: string;
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
      await checkWritable('--html', context.cwd, flags.html);
      config = await loadConfig(findConfig(context.cwd));
      const chosen = await selectEverything(config, undefined);
      const replayed = replayToken(token, resolveScenario(chosen));
      const { stdout, stderr } = context.process;
      if (replayed.fit === 're-anchored') {
        stderr.write(
          `The code changed since the token was made: its labels led through (${String(replayed.moved)} steps moved).\n`,
        );
      }
      printReplay(replayed, flags, stdout, colourOn(context, stdout));
      if (flags.html !== undefined) await writePage(replayed, chosen, resolve(context.cwd, flags.html));
      return replayed.finding === undefined ? 0 : 1;
    },
    () => config?.errors ?? [],
  );
};

/** What the schedule shows as a page; nothing is written where it shows the finding no more. */
const writePage = async (
  { finding, program, token }: TokenReplay,
  chosen: readonly Chosen[],
  path: string,
): Promise<void> => {
  const driver = findScenario(chosen, token)?.found.driver;
  if (finding === undefined || driver === undefined) return;
  const story = storyOf(program, finding, { revision: token.revision, bound: BOUND });
  const stories = [pageStory(await detailedStory(story, program, finding, driver))];
  await writeWhole('--html', path, pageHtml({ kind: 'replay', stories }));
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
