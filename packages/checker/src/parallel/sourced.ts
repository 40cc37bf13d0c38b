// SPDX-License-Identifier: GPL-2.0-only
import { counted } from '../bounds.js';
import type { SavedProgram } from '../checkpoint/checkpoint.js';
import type { Exploration, SearchStats } from '../exploration.js';
import { fold } from '../quick/fold.js';
import type { Due, Explorable } from './explorable.js';
import { Ledger, type LedgerBounds } from './ledger.js';
import { mergeStats, NO_STATS, NOTHING, type Found } from './merge.js';
import { receiveError, type UnitAnswer } from './messages.js';
import { planOf, type SearchPlan } from './plan.js';
import { sourceText, type ProgramSource } from './program-source.js';
import { UNKNOWN, type UnitProgress, type WorkUnit } from './work-unit.js';

/** What the numbers of preemptions before the present one gave. */
export interface SavedStage {
  readonly preemptions: number;
  readonly found: Found;
  readonly stats: SearchStats;
}

const FIRST_STAGE: SavedStage = { preemptions: 0, found: NOTHING, stats: NO_STATS };

type SourcedBounds = SearchPlan & LedgerBounds;

/**
 * One program of a battery, with its books: one ledger, or with `upTo` one for each number of
 * preemptions, from 0, until one more adds nothing.
 */
export class Sourced implements Explorable {
  private ledger: Ledger;
  begun: SavedProgram['begun'];
  /** Somebody said stop: what came back out of turn is shown, since no bound decides what it is. */
  private asked = false;
  /** Of a unit that was told to stop. */
  private lateError: Error | undefined = undefined;
  private stage: SavedStage | undefined;
  private sampled: Exploration | undefined = undefined;
  private progress: { readonly unit: WorkUnit; readonly progress: UnitProgress } | undefined = undefined;

  constructor(
    readonly source: ProgramSource,
    private readonly bounds: SourcedBounds,
    saved?: SavedProgram,
  ) {
    this.stage = bounds.upTo === undefined ? undefined : (saved?.stage ?? FIRST_STAGE);
    this.ledger = new Ledger(this.ledgerBounds(), saved?.ledger);
    this.begun = saved?.begun;
  }

  get name(): string {
    return this.begun?.name ?? sourceText(this.source);
  }

  get preemptions(): number | undefined {
    return this.stage?.preemptions;
  }

  /** Few preemptions first, over all programs. */
  get turn(): number {
    return this.preemptions ?? 0;
  }

  get failed(): Error | undefined {
    return this.ledger.failed ?? this.lateError;
  }

  stop(why: string): void {
    this.asked = true;
    this.ledger.stop(why);
  }

  /** What a lane is told to do. */
  private get plan(): SearchPlan {
    const plan = planOf(this.bounds);
    return this.stage === undefined ? plan : { ...plan, maxPreemptions: this.stage.preemptions };
  }

  take(): Due | undefined {
    const unit = this.ledger.take();
    return unit === undefined ? undefined : { unit, plan: this.plan };
  }

  told(unit: WorkUnit, progress: UnitProgress): void {
    this.progress = { unit, progress };
  }

  give(id: number, answer: UnitAnswer): void {
    if ('ended' in answer) {
      this.ledger.give(id, UNKNOWN);
      return;
    }
    // One that was told to stop is explored again from where it last said it was.
    const stopped = 'result' in answer && answer.result?.end === 'stopped';
    if (this.progress?.unit.id === id && !stopped) this.progress = undefined;
    if ('error' in answer) {
      if (this.asked) this.lateError ??= receiveError(answer.error);
      this.ledger.give(id, receiveError(answer.error));
      return;
    }
    const { name, fingerprint, result } = answer;
    this.begun ??= { name, fingerprint };
    if (this.bounds.sample !== undefined) this.sampled = result?.found;
    if (result !== undefined) this.ledger.give(id, result);
    this.nextStage();
  }

  get over(): boolean {
    return this.ledger.over;
  }

  get stats(): SearchStats {
    const booked = mergeStats(this.stage?.stats ?? NO_STATS, this.ledger.stats);
    return this.progress === undefined ? booked : mergeStats(booked, this.progress.progress.stats);
  }

  get share(): number {
    const { progress, ledger } = this;
    return ledger.share + (progress === undefined ? 0 : progress.unit.share * progress.progress.done);
  }

  exploration(): Exploration {
    const { stage, ledger, sampled } = this;
    if (this.asked) ledger.showPartial();
    if (sampled !== undefined) return { ...sampled, bound: ledger.stopped ?? sampled.bound };
    const explored = ledger.exploration();
    if (stage === undefined) return explored;
    const stats = { ...mergeStats(stage.stats, explored.stats), states: explored.stats.states };
    return { complete: explored.complete, bound: this.verdict(explored), ...fold(stage.found, explored), stats };
  }

  save(): SavedProgram {
    const { source, begun, stage, progress } = this;
    return {
      source,
      ledger: progress === undefined ? this.ledger.save() : this.ledger.saveLeft(progress.unit.id, progress.progress),
      ...(begun === undefined ? {} : { begun }),
      ...(stage === undefined ? {} : { stage }),
    };
  }

  private verdict({ complete, bound }: Exploration): string {
    const { preemptions = 0 } = this.stage ?? {};
    if (complete) return this.ledger.limited ? bound : 'complete (sequential consistency)';
    const before =
      preemptions === 0 ? '' : `complete up to ${counted(preemptions - 1, 'preemption')} (sequential consistency), `;
    return `${before}${bound}`;
  }

  /** Everything with so many preemptions is explored: goes on with one more, if that can add anything. */
  private nextStage(): void {
    const { stage, ledger, bounds } = this;
    if (stage === undefined || bounds.upTo === undefined || !ledger.over || !ledger.limited) return;
    const explored = ledger.exploration();
    if (!explored.complete || stage.preemptions >= bounds.upTo) return;
    this.stage = {
      preemptions: stage.preemptions + 1,
      found: fold(stage.found, explored),
      stats: { ...mergeStats(stage.stats, explored.stats), states: explored.stats.states },
    };
    this.ledger = new Ledger(this.ledgerBounds());
  }

  /** The bounds hold for all numbers of preemptions together. */
  private ledgerBounds(): LedgerBounds {
    const { stage, bounds } = this;
    const { maxSteps, maxExecutions, maxPreemptions, memo, revisits, reduction } = bounds;
    const { steps, replayedSteps, executions } = stage?.stats ?? NO_STATS;
    const most = stage?.preemptions ?? maxPreemptions;
    return {
      ...(memo === undefined ? {} : { memo }),
      ...(revisits === undefined ? {} : { revisits }),
      ...(reduction === undefined ? {} : { reduction }),
      ...(maxSteps === undefined ? {} : { maxSteps: Math.max(1, maxSteps - steps - replayedSteps) }),
      ...(maxExecutions === undefined ? {} : { maxExecutions: Math.max(1, maxExecutions - executions) }),
      ...(most === undefined ? {} : { maxPreemptions: most }),
    };
  }
}
