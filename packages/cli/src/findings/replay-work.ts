// SPDX-License-Identifier: GPL-2.0-only
import { replayToken, storyOf, type TokenReplay, type WatchedWork } from '@libmultipath/checker';
import type { FindingStory } from '@libmultipath/contract';
import { pageStory, type PageStory } from '@libmultipath/report';
import { selectEverything } from '../battery/select-battery.js';
import { loadConfig } from '../config.js';
import { detailedStory } from '../reports/check-stories.js';
import type { Chosen } from '../selection.js';
import { findScenario, resolveScenario } from './scenario-ref.js';

export interface ReplayTask {
  /** Path of mpath.config.ts. */
  readonly config: string;
  readonly token: string;
  /** Is a page wanted? */
  readonly page: boolean;
}

/** What is printed of a schedule that was run again. */
export interface ReplayDone extends Pick<TokenReplay, 'fit' | 'moved' | 'found'> {
  /** Id that the token was made for. */
  readonly finding: string;
  /** The finding as the schedule shows it; undefined: it shows it no more. */
  readonly story: FindingStory | undefined;
  readonly page: PageStory | undefined;
  readonly events: readonly { readonly index: number; readonly task: string; readonly site: string }[];
}

/** One schedule, whatever a search would say of the others. */
const BOUND = 'one schedule, repeated';

/** Runs in a thread of its own: the schedule is one of the driver's code, which may never come back. */
export const replayWork: WatchedWork<ReplayTask, ReplayDone> = async ({ config: file, token, page }) => {
  const chosen = await selectEverything(await loadConfig(file), undefined);
  return async () => {
    const replayed = replayToken(token, resolveScenario(chosen));
    const { finding, program, fit, moved, found, run } = replayed;
    const { revision } = replayed.token;
    const story = finding === undefined ? undefined : storyOf(program, finding, { revision, bound: BOUND });
    return {
      fit,
      moved,
      found,
      finding: replayed.token.finding,
      story,
      page: page && story !== undefined ? await pageOf(story, replayed, chosen) : undefined,
      events: run.events.map(({ index, task, site }) => ({ index, task, site })),
    };
  };
};

const pageOf = async (
  story: FindingStory,
  { finding, program, token }: TokenReplay,
  chosen: readonly Chosen[],
): Promise<PageStory | undefined> => {
  const driver = findScenario(chosen, token)?.found.driver;
  if (finding === undefined || driver === undefined) return undefined;
  return pageStory(await detailedStory(story, program, finding, driver));
};
