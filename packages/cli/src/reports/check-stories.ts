// SPDX-License-Identifier: GPL-2.0-only
import { fileURLToPath } from 'node:url';
import { detailOf, type Finding, type KnownFinding } from '@libmultipath/checker';
import type { AnyDriver, FindingStory, StoryDetail, StoryDoc } from '@libmultipath/contract';
import type { Program } from '@libmultipath/kernel';
import { pageStory, type PageStory } from '@libmultipath/report';
import { toldOf, type CheckedRevision, type CheckedRow } from '../check/assemble.js';
import { oneTurn } from '../check/print-check.js';
import { checkedProgram } from '../check/check-program.js';
import { functionDocs, roomOfEntry } from './function-docs.js';

/** Findings whose schedule a page tells; the others are listed. */
const STORIES_MAX = 200;

interface Told {
  readonly of: CheckedRevision;
  readonly row: CheckedRow;
  readonly finding: Finding;
}

const cheaper = (a: Finding, b: Finding): boolean =>
  a.switches < b.switches || (a.switches === b.switches && a.events < b.events);

/** Each finding once, with the smallest schedule of all that show it; those of the first revision first. */
const smallestOf = (revisions: readonly CheckedRevision[]): Told[] => {
  const told = new Map<string, Told>();
  for (const of of revisions) {
    const own = new Map<string, Told>();
    for (const row of of.rows) {
      for (const finding of row.findings) {
        const before = own.get(finding.id);
        if (before === undefined || cheaper(finding, before.finding)) own.set(finding.id, { of, row, finding });
      }
    }
    for (const [id, one] of own) if (!told.has(id)) told.set(id, one);
  }
  return [...told.values()].slice(0, STORIES_MAX);
};

const knownText = (entry: KnownFinding | undefined): Pick<StoryDetail, 'known' | 'remedy'> => ({
  ...(entry === undefined ? {} : { known: `${entry.status}: ${entry.title}` }),
  ...(entry?.remedy === undefined ? {} : { remedy: entry.remedy }),
});

const functionsIn = ({ events, waiters }: FindingStory): string[] => [
  ...events.flatMap(({ stack, op }) => [...stack, op]),
  ...waiters.flatMap(({ stack }) => stack),
];

/** Folders whose sources speak of a driver's functions: its own, the library's, the simulated kernel's. */
const roomsOf = (driver: AnyDriver): string[] => [
  fileURLToPath(new URL('..', driver.scenarios)),
  roomOfEntry(import.meta.resolve('@libmultipath/core')),
  roomOfEntry(import.meta.resolve('@libmultipath/kernel')),
];

/** A story with all that its page shows, for the functions that take part what their sources say. */
export const detailedStory = async (
  story: FindingStory,
  program: Program,
  finding: Finding,
  driver: AnyDriver,
  entry?: KnownFinding,
): Promise<FindingStory> => {
  const wanted = new Set(functionsIn(story));
  const docs: StoryDoc[] = [...(await functionDocs(roomsOf(driver), wanted)).values()];
  return { ...story, detail: { ...detailOf(program, finding, story.object), docs, ...knownText(entry) } };
};

/** The findings of a check as their pages show them. @param spent asked before each: true ends it */
export const checkStories = async (
  revisions: readonly CheckedRevision[],
  spent: () => boolean,
): Promise<PageStory[]> => {
  const stories: PageStory[] = [];
  for (const { of, row, finding } of smallestOf(revisions)) {
    await oneTurn();
    if (spent()) break;
    const { chosen, profile } = row.job;
    const program = checkedProgram(chosen, profile);
    const entry = of.listed.get(finding.id);
    stories.push(pageStory(await detailedStory(toldOf(row, finding), program, finding, chosen.driver, entry)));
  }
  return stories;
};
