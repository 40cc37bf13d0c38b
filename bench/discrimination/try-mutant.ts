// SPDX-License-Identifier: GPL-2.0-only
import type { Changed } from './changed.js';
import type { Fate, Tried } from './fate.js';
import {
  modelKey,
  rowKey,
  type Answers,
  type Ask,
  type Hits,
  type Judged,
  type Row,
  type Sampled,
} from './messages.js';
import { NoAnswer } from './process.js';
import type { Site } from './site.js';

/** What the model as it is says of a row, and schedules that show what was recorded. */
export type OwnSearch = Judged & Pick<Sampled, 'witnesses' | 'ways'>;
export type Baseline = ReadonlyMap<string, OwnSearch>;

/** The first ones drawn; those that show it in the model as it is come before. */
const SCHEDULES = Array.from({ length: 8 }, (_, nth) => nth);
/** By the clock of the room: on a busy machine a process gets a small part of it. */
const ANSWER_MS = 60_000;
const BUSY_FACTOR = 5;
/** A mutant that spoils so many searches is not asked for more. What fails at once costs little. */
const MAX_SPOILT = { slow: 4, fast: 40 };
/** A search that takes so many times the steps of the model as it is has lost its way. */
const STEPS_FACTOR = 4;
const STEPS_MORE = 20_000;
/** Survivors are searched whole, for defects too, in rows up to this cost. */
const WHOLE_STEPS = 20_000;
const WHOLE_ROWS = 5;

export interface TryOptions {
  readonly baseline: Baseline;
  readonly changed: Changed;
  readonly searchMs: number;
  /** The search of the model as it is, for defects too. */
  readonly whole: (row: Row, place: Place) => Promise<Judged>;
}

/** Bounds of this command, not a fault of the model. */
const isUnfinished = ({ reason }: Judged): boolean => reason.startsWith('LMP-505');

/** Gives a process with the mutant alive; a new one after one that did not answer. */
export interface Place {
  ask<W extends Ask['what']>(ask: Extract<Ask, { what: W }>, timeoutMs: number): Promise<Answers[W]>;
  lost(): Promise<void>;
}

/** From what tells least to what tells most. */
const rank: readonly Fate[] = ['survived', 'same', 'unfinished', 'error', 'too-loose', 'report', 'diverge'];

interface Found {
  readonly fate: Fate;
  readonly by?: Row;
  readonly detail?: string;
}

/** What one search says about the mutant. */
const foundBy = (row: Row, found: Judged, own: Judged): Found => {
  const report = found.reports.find((one) => !own.reports.includes(one));
  if (found.verdict === 'diverge') return { fate: 'diverge', by: row, detail: found.changed.join(', ') };
  if (report !== undefined) return { fate: 'report', by: row, detail: report };
  const { reason } = found;
  if (found.verdict === 'too-loose') return { fate: 'too-loose', by: row, detail: reason };
  if (found.verdict === 'agree') return { fate: 'survived' };
  return { fate: isUnfinished(found) ? 'unfinished' : 'error', by: row, detail: reason };
};

/** One row for each model of a scenario. */
const oncePerModel = (rows: readonly Row[]): Row[] => [...new Map(rows.map((row) => [modelKey(row), row])).values()];

/** Runs one mutant on the rows that execute it, cheapest first. */
export const tryMutant = async (
  place: Place,
  site: Site,
  rows: readonly Row[],
  options: TryOptions,
): Promise<Tried> => {
  const { baseline, changed, searchMs } = options;
  const costOf = (row: Row): number => baseline.get(rowKey(row))?.steps ?? 0;
  const sorted = rows.toSorted((a, b) => costOf(a) - costOf(b));
  const spoilt = { slow: 0, fast: 0 };
  let best: Found = { fate: 'survived' };
  /** Some schedule went another way than in the model as it is. */
  let isOther = false;
  const take = (found: Found): void => {
    if (rank.indexOf(found.fate) > rank.indexOf(best.fate)) best = found;
  };

  const measured = { evaluated: 0, differed: undefined as number | undefined, rows: new Set<string>() };
  const count = (row: Row, { evaluated, differed }: Hits): void => {
    measured.evaluated += evaluated;
    if (differed !== undefined) measured.differed = (measured.differed ?? 0) + differed;
    if (evaluated > 0) measured.rows.add(`${row.driver} ${row.scenario}`);
  };

  const search = async (row: Row, own: Judged, defects: boolean): Promise<Judged> => {
    const maxSteps = own.steps * STEPS_FACTOR + STEPS_MORE;
    const ask = { what: 'judge', row, mutant: site.id, defects, maxSteps, timeMs: searchMs } as const;
    const found = await place.ask<'judge'>(ask, searchMs * BUSY_FACTOR + ANSWER_MS);
    count(row, found.hits);
    changed.add(row, found.changed);
    take(foundBy(row, found, own));
    if (!found.complete) spoilt[isUnfinished(found) ? 'slow' : 'fast']++;
    return found;
  };

  const look = async (row: Row): Promise<void> => {
    const own = baseline.get(rowKey(row));
    if (own === undefined || (best.fate === 'diverge' && changed.unchanged(row).length === 0)) return;
    const schedules = [...new Set([...own.witnesses, ...SCHEDULES])];
    const ask = { what: 'sample', row, mutant: site.id, schedules } as const;
    const { agrees, absent, ways, hits } = await place.ask<'sample'>(ask, ANSWER_MS);
    count(row, hits);
    const known = new Map(own.ways);
    if (ways.some(([nth, way]) => known.get(nth) !== way)) isOther = true;
    const news = absent.some((label) => !changed.has(row, label));
    if (news || (!agrees && best.fate !== 'diverge')) await search(row, own, false);
  };

  const guarded = async (row: Row, work: (row: Row) => Promise<void>): Promise<void> => {
    if (spoilt.slow >= MAX_SPOILT.slow || spoilt.fast >= MAX_SPOILT.fast) return;
    try {
      await work(row);
    } catch (error) {
      const isLost = error instanceof NoAnswer;
      spoilt[isLost ? 'slow' : 'fast']++;
      take({ fate: 'error', by: row, detail: error instanceof Error ? error.message : String(error) });
      // A process that does not answer, or is gone, is of no more use.
      if (isLost || !(error instanceof Error)) await place.lost();
    }
  };

  for (const row of sorted) await guarded(row, look);
  let [looked, same] = [0, 0];
  const whole = async (row: Row): Promise<void> => {
    const own = await options.whole(row, place);
    const found = await search(row, own, true);
    looked++;
    if (found.way === own.way) same++;
  };
  const affordable = oncePerModel(sorted.filter((row) => costOf(row) <= WHOLE_STEPS)).slice(-WHOLE_ROWS);
  for (const row of affordable) if (best.fate === 'survived') await guarded(row, whole);
  if (best.fate === 'survived' && !isOther && looked > 0 && looked === same) best = { fate: 'same' };
  const { evaluated, differed } = measured;
  const scenarios = [...measured.rows].sort();
  return { site, rows: rows.length, ...best, measured: { evaluated, differed, scenarios, searches: looked } };
};
