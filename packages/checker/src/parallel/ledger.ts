// SPDX-License-Identifier: GPL-2.0-only
import { counted, modelText } from '../bounds.js';
import type { Exploration, ExploreOptions, SearchStats } from '../exploration.js';
import { mergeFindings, mergeStats, NOTHING, NO_STATS, type Found } from './merge.js';
import { ROOT, type UnitDraft, type UnitProgress, type UnitResult, type WorkUnit } from './work-unit.js';

/** What is known of one program, as plain data: all that a later run needs to go on. */
export interface SavedLedger {
  readonly nextId: number;
  readonly pending: readonly WorkUnit[];
  readonly seen: readonly string[];
  readonly findings: Found;
  readonly stats: SearchStats;
  /** The bound on preemptions kept something from being explored. */
  readonly limited: boolean;
}

export interface LedgerBounds extends Pick<ExploreOptions, 'memo' | 'revisits' | 'reduction'> {
  readonly maxExecutions?: number;
  /** New and replayed steps. */
  readonly maxSteps?: number;
  readonly maxPreemptions?: number;
}

/** Units that wait, at most; beyond it the exploration stops, and can be resumed. */
const MOST_PENDING = 1_000_000;

/**
 * The books of one program's exploration. Units are handed out in order and their results
 * count in the same order, whoever comes back first: so the books, and the order of all
 * units, are the same whatever the number of threads.
 */
export class Ledger {
  private nextId: number;
  private readonly waiting: WorkUnit[];
  private taken = 0;
  /** Handed out and not yet counted, in order. */
  private readonly out: WorkUnit[] = [];
  private readonly back = new Map<number, UnitResult | Error>();
  private readonly seen: Set<string>;
  private found: Found;
  private sums: SearchStats;
  private partial: { readonly found: Found; readonly stats: SearchStats } = { found: NOTHING, stats: NO_STATS };
  /** The bound on preemptions kept something from being explored. */
  limited: boolean;
  /** Why nothing more is handed out; undefined: nobody said so. */
  stopped: string | undefined;
  /** The first error in the order of units. */
  failed: Error | undefined;

  constructor(
    private readonly bounds: LedgerBounds,
    saved?: SavedLedger,
  ) {
    this.nextId = saved?.nextId ?? ROOT.id + 1;
    this.waiting = saved === undefined ? [ROOT] : [...saved.pending];
    this.seen = new Set(saved?.seen);
    this.found = saved?.findings ?? NOTHING;
    this.sums = saved?.stats ?? NO_STATS;
    this.limited = saved?.limited ?? false;
    this.checkBounds();
  }

  /** The next unit to explore, if there is one now. */
  take(): WorkUnit | undefined {
    if (this.stopped !== undefined || this.failed !== undefined) return undefined;
    const unit = this.waiting[this.taken];
    if (unit === undefined) return undefined;
    this.taken++;
    this.out.push(unit);
    // Amortised: a queue that is shifted at each turn would be moved each time.
    if (this.taken > 1_024) {
      this.waiting.splice(0, this.taken);
      this.taken = 0;
    }
    return unit;
  }

  /** The result of a unit, or why there is none. */
  give(id: number, result: UnitResult | Error): void {
    this.back.set(id, result);
    for (;;) {
      const [unit] = this.out;
      const next = unit === undefined ? undefined : this.back.get(unit.id);
      if (unit === undefined || next === undefined || this.failed !== undefined || this.stopped !== undefined) return;
      if (next instanceof Error) {
        this.failed = next;
        return;
      }
      if (next.end === 'stopped') return;
      this.out.shift();
      this.back.delete(unit.id);
      this.book(next);
    }
  }

  /** Nothing is left to hand out, and nothing is out. */
  get over(): boolean {
    const idle = this.out.every(({ id }) => this.back.has(id));
    return idle && (this.stopped !== undefined || this.failed !== undefined || this.left === 0);
  }

  /** Stops handing out; what comes back after that is shown, but not booked. */
  stop(why: string): void {
    if (this.left > 0) this.stopped ??= why;
  }

  /** What came back and does not count yet: found all the same, and what that took. */
  showPartial(): void {
    let found = NOTHING;
    let stats = NO_STATS;
    for (const result of this.back.values()) {
      if (result instanceof Error) continue;
      found = mergeFindings(found, result.found);
      stats = mergeStats(stats, result.found.stats);
    }
    this.partial = { found, stats };
  }

  get stats(): SearchStats {
    return { ...this.sums, states: this.sums.states + this.seen.size };
  }

  /** Part of the tree that is explored, as far as can be said. */
  get share(): number {
    const rest = this.unfinished().reduce((sum, { share }) => sum + share, 0);
    return Math.min(1, Math.max(0, 1 - rest));
  }

  exploration(): Exploration {
    const { maxPreemptions } = this.bounds;
    const within =
      maxPreemptions === undefined ? 'complete' : `complete up to ${counted(maxPreemptions, 'preemption')}`;
    return {
      complete: this.stopped === undefined && this.failed === undefined,
      bound:
        this.failed === undefined ? (this.stopped ?? `${within} ${modelText(this.bounds)}`) : 'stopped by an error',
      ...mergeFindings(this.found, this.partial.found),
      stats: mergeStats(this.stats, this.partial.stats),
    };
  }

  save(): SavedLedger {
    return {
      nextId: this.nextId,
      pending: this.unfinished(),
      seen: [...this.seen],
      findings: this.found,
      stats: this.sums,
      limited: this.limited,
    };
  }

  /** As if the unit that is out first had been left where it said it is. Of others what they did is lost. */
  saveLeft(id: number, { stats, saved: left }: UnitProgress): SavedLedger {
    const saved = this.save();
    if (this.out[0]?.id !== id || left === undefined) return saved;
    const seen = new Set([...saved.seen, ...left.claimed]);
    const fresh = left.met.filter(({ key }) => !seen.has(key) && seen.add(key));
    const units = [...left.rest, ...fresh.map(({ unit }) => unit)];
    return {
      ...saved,
      nextId: saved.nextId + units.length,
      pending: [...saved.pending.slice(1), ...units.map((unit, nth) => ({ ...unit, id: saved.nextId + nth }))],
      seen: [...seen],
      findings: mergeFindings(saved.findings, left.found),
      stats: mergeStats(saved.stats, { ...stats, states: stats.states - left.claimed.length - left.met.length }),
      limited: saved.limited || left.limited,
    };
  }

  private get left(): number {
    return this.waiting.length - this.taken + this.out.length;
  }

  private unfinished(): WorkUnit[] {
    return [...this.out, ...this.waiting.slice(this.taken)];
  }

  private book(result: UnitResult): void {
    this.found = mergeFindings(this.found, result.found);
    this.limited ||= result.limited;
    const { stats } = result.found;
    // States with a key are counted once for all units; others are the unit's own.
    const own = stats.states - result.claimed.length - result.met.length;
    this.sums = mergeStats(this.sums, { ...stats, states: own });
    for (const key of result.claimed) this.seen.add(key);
    for (const unit of result.rest) this.queue(unit);
    let known = 0;
    for (const { key, unit } of result.met) {
      if (this.seen.has(key)) known++;
      else {
        this.seen.add(key);
        this.queue(unit);
      }
    }
    this.sums = { ...this.sums, memoHits: this.sums.memoHits + known };
    this.checkBounds();
  }

  private queue(unit: UnitDraft): void {
    this.waiting.push({ ...unit, id: this.nextId++ });
  }

  private checkBounds(): void {
    if (this.left === 0) return;
    const { executions, steps, replayedSteps } = this.sums;
    const { maxExecutions = Infinity, maxSteps = Infinity } = this.bounds;
    if (executions >= maxExecutions) this.stopped = `stopped after ${counted(executions, 'execution')}`;
    else if (steps + replayedSteps >= maxSteps)
      this.stopped = `stopped after ${counted(steps + replayedSteps, 'step')}`;
    else if (this.left > MOST_PENDING) this.stopped = `stopped with ${counted(this.left, 'part')} left to explore`;
  }
}
