// SPDX-License-Identifier: GPL-2.0-only
import { resolve } from 'node:path';
import { callWatched } from '@libmultipath/checker';
import { findingLines, findingMail, pageHtml, printable } from '@libmultipath/report';
import { findConfig, loadConfig, type LoadedConfig } from '../config.js';
import { colourOn, running, type CliContext, type Output } from '../context.js';
import { checkWritable, writeWhole } from '../reports/write-whole.js';
import { readToken } from './read-token.js';
import type { ReplayDone, ReplayTask } from './replay-work.js';

export interface ReplayFlags {
  readonly mail: boolean;
  readonly html?: string;
}

const COLUMNS = 100;

const REPLAY_WORK = { module: new URL('./replay-work.js', import.meta.url).href, export: 'replayWork' };

/** `mpath replay TOKEN|FILE`. */
export const runReplay = async (context: CliContext, flags: ReplayFlags, argument: string): Promise<void> => {
  let config: LoadedConfig | undefined;
  await running(
    context,
    async () => {
      const token = await readToken(argument, context.cwd);
      await checkWritable('--html', context.cwd, flags.html);
      config = await loadConfig(findConfig(context.cwd));
      const task: ReplayTask = { config: config.file, token, page: flags.html !== undefined };
      // A signal ends the process, and the thread with it.
      const answer = await callWatched(REPLAY_WORK, task, { signal: new AbortController().signal });
      if ('ended' in answer) throw new Error('nobody has told the thread to end');
      // By our own function.
      const done = answer.returned as ReplayDone;
      const { stdout, stderr } = context.process;
      if (done.fit === 're-anchored') {
        stderr.write(
          `The code changed since the token was made: its labels led through (${String(done.moved)} steps moved).\n`,
        );
      }
      printReplay(done, flags, stdout, colourOn(context, stdout));
      // Nothing is written where the schedule shows the finding no more.
      if (flags.html !== undefined && done.page !== undefined) {
        await writeWhole(
          '--html',
          resolve(context.cwd, flags.html),
          pageHtml({ kind: 'replay', stories: [done.page] }),
        );
      }
      return done.story === undefined ? 0 : 1;
    },
    () => config?.errors ?? [],
  );
};

const printReplay = (done: ReplayDone, { mail }: ReplayFlags, stdout: Output, colour: boolean): void => {
  const { story, events, found } = done;
  if (story === undefined) {
    for (const { index, task, site } of events) {
      stdout.write(`${String(index).padStart(4)}  ${printable(task)}  ${printable(site)}\n`);
    }
    const others = found.length === 0 ? 'It shows nothing' : `It shows ${found.join(', ')}`;
    stdout.write(`${done.finding} does not show in this schedule any more. ${others}.\n`);
    return;
  }
  if (mail) stdout.write(findingMail(story));
  else stdout.write(`${findingLines(story, { columns: stdout.columns ?? COLUMNS, colour }).join('\n')}\n`);
};
