// SPDX-License-Identifier: GPL-2.0-only
import type { Fate, Tried } from './fate.js';
import { rowKey, type Judged, type Row } from './messages.js';
import { NoAnswer, type ModelProcess } from './process.js';
import type { Site } from './site.js';

/** What the model as it is says of a row. */
export type Baseline = ReadonlyMap<string, Judged>;

/** Observations whose value some mutant has changed so far: keys of rows → labels. */
export class Changed {
  private readonly labels = new Map<string, Set<string>>();

  add(row: Row, labels: readonly string[]): void {
    const known = this.labels.get(rowKey(row)) ?? new Set();
    for (const label of labels) known.add(label);
    this.labels.set(rowKey(row), known);
  }

  has(row: Row, label: string): boolean {
    return this.labels.get(rowKey(row))?.has(label) ?? false;
  }

  /** Labels of the row that some mutant has changed, in the order of the scenario. */
  of(row: Row): readonly string[] {
    return row.labels.filter((label) => this.has(row, label));
  }

  /** Labels of the row that no mutant has changed. */
  unchanged(row: Row): readonly string[] {
    return row.labels.filter((label) => !this.has(row, label));
  }
}

const SCHEDULES = 6;
const SAMPLE_MS = 10_000;
/** A mutant that spoils so many searches is not asked for more. */
const MAX_SPOILT = 2;
/** A search that takes so many times the steps of the model as it is has lost its way. */
const STEPS_FACTOR = 4;
const STEPS_MORE = 20_000;
/** Survivors are searched whole, for defects too, in rows up to this cost. */
const WHOLE_STEPS = 20_000;
const WHOLE_ROWS = 8;

export interface TryOptions {
  readonly baseline: Baseline;
  readonly changed: Changed;
  readonly searchMs: number;
  /** The search of the model as it is, for defects too. */
  readonly whole: (row: Row, place: Place) => Promise<Judged>;
}

/** Bounds of this command, not a fault of the model. */
const isUnfinished = ({ reason }: Judged): boolean => reason.startsWith('LMP-505');

const modelKey = ({ driver, scenario, model }: Row): string => `${driver} ${scenario} ${model}`;

/** Gives a process with the mutant alive; a new one after one that did not answer. */
export interface Place {
  process(): Promise<ModelProcess>;
  lost(): Promise<void>;
}

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
  let best: { readonly fate: Fate; readonly by?: Row; readonly detail?: string } = { fate: 'survived' };
  const searched = new Set<Row>();
  let spoilt = 0;
  const better = (fate: Fate, by: Row, detail: string): void => {
    const rank: readonly Fate[] = ['survived', 'same', 'unfinished', 'error', 'too-loose', 'report', 'diverge'];
    if (rank.indexOf(fate) > rank.indexOf(best.fate)) best = { fate, by, detail };
  };

  const search = async (row: Row): Promise<void> => {
    const whole = baseline.get(rowKey(row));
    if (whole === undefined || searched.has(row)) return;
    searched.add(row);
    const maxSteps = whole.steps * STEPS_FACTOR + STEPS_MORE;
    const process = await place.process();
    const ask = { what: 'judge', row, mutant: site.id, maxSteps, timeMs: searchMs } as const;
    const found = await process.ask<'judge'>(ask, searchMs * 2 + SAMPLE_MS);
    changed.add(row, found.changed);
    const reports = found.reports.filter((report) => !whole.reports.includes(report));
    if (found.verdict === 'diverge') better('diverge', row, found.changed.join(', '));
    else if (reports.length > 0) better('report', row, reports[0] ?? '');
    else if (found.verdict === 'too-loose') better('too-loose', row, found.reason);
    else if (found.verdict !== 'agree') better(isUnfinished(found) ? 'unfinished' : 'error', row, found.reason);
    if (!found.complete) spoilt++;
  };

  const look = async (row: Row): Promise<void> => {
    const process = await place.process();
    const ask = { what: 'sample', row, mutant: site.id, schedules: SCHEDULES } as const;
    const { agrees, absent } = await process.ask<'sample'>(ask, SAMPLE_MS);
    const news = absent.some((label) => !changed.has(row, label));
    if (news || (!agrees && best.fate !== 'diverge')) await search(row);
  };

  const guarded = async (row: Row, work: (row: Row) => Promise<void>): Promise<void> => {
    try {
      await work(row);
    } catch (error) {
      spoilt++;
      better('error', row, error instanceof Error ? error.message : String(error));
      // A process that does not answer, or is gone, is of no more use.
      if (error instanceof NoAnswer || !(error instanceof Error)) await place.lost();
    }
  };

  for (const row of sorted) if (spoilt < MAX_SPOILT) await guarded(row, look);
  const different = new Set(
    sorted.filter((row) => costOf(row) <= WHOLE_STEPS).map((row) => ({ row, key: modelKey(row) })),
  );
  const once = [...different].filter(({ key }, nth, all) => all.findIndex((other) => other.key === key) === nth);
  let [looked, same] = [0, 0];
  const whole = async (row: Row): Promise<void> => {
    const own = await options.whole(row, place);
    const process = await place.process();
    const ask = { what: 'judge', row, mutant: site.id, defects: true, timeMs: searchMs } as const;
    const maxSteps = own.steps * STEPS_FACTOR + STEPS_MORE;
    const found = await process.ask<'judge'>({ ...ask, maxSteps }, searchMs * 2 + SAMPLE_MS);
    looked++;
    if (found.way === own.way) same++;
    changed.add(row, found.changed);
    const reports = found.reports.filter((report) => !own.reports.includes(report));
    if (found.verdict === 'diverge') better('diverge', row, found.changed.join(', '));
    else if (reports.length > 0) better('report', row, reports[0] ?? '');
    else if (found.verdict === 'too-loose') better('too-loose', row, found.reason);
    else if (found.verdict !== 'agree') better(isUnfinished(found) ? 'unfinished' : 'error', row, found.reason);
  };
  for (const { row } of once.slice(-WHOLE_ROWS)) if (best.fate === 'survived') await guarded(row, whole);
  if (best.fate === 'survived' && looked > 0 && looked === same) {
    best = { fate: 'same', detail: `${String(looked)} searches alike, step by step` };
  }
  return { site, rows: rows.length, ...best };
};
