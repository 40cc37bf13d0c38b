// SPDX-License-Identifier: GPL-2.0-only
import type { Exploration, SearchStats } from '../exploration.js';
import { mergeFindings, mergeStats, NO_STATS, NOTHING, type Found } from './merge.js';
import type { Due, Explorable } from './explorable.js';
import { lookBound, type Look } from './look-bound.js';
import { receiveError, type UnitAnswer } from './messages.js';
import { planOf, type SearchPlan } from './plan.js';
import { sourceText, type ProgramSource } from './program-source.js';
import { ROOT, type UnitResult } from './work-unit.js';

/** New and replayed steps in which a program that is small is explored whole. */
const WHOLE_STEPS = 6_000;
/** The same of each number of preemptions. */
const BOUND_STEPS = 4_000;
const MOST_PREEMPTIONS = 8;
/** Schedules of the first draw of each method, and of any. */
const FEWEST = 4;
const MOST_AT_ONCE = 256;
/** A draw that takes less is doubled. */
const DRAW_MS = 200;
/** Of both methods: beyond it a look is no look any more. */
const MOST_DRAWN = 1_000_000;

/** What its next part is. */
type Stage = 'whole' | 'pos' | 'pct' | 'bounded' | 'over';

/**
 * One program of a battery that is looked at for a share of the time. A small one is explored whole. Of
 * others some schedules are drawn by POS, then by PCT, then all without a preemption are explored, and so
 * on in turn: more and more are drawn, and with one preemption, with two …, as far as a number of steps
 * goes. The program that took the least time comes next, so all get the same.
 */
export class Looking implements Explorable {
  readonly preemptions = undefined;
  readonly share = 0;
  failed: Error | undefined;
  name: string;
  private stage: Stage = 'whole';
  private out: number | undefined;
  private spentMs = 0;
  private found: Found = NOTHING;
  private sums: SearchStats = NO_STATS;
  private stopped = false;
  private complete = false;
  /** The number of preemptions that is looked at now. */
  private most = 0;
  /** More preemptions take too many steps. */
  private bounded = false;
  private atOnce = FEWEST;
  private look: Look;
  private readonly plan: SearchPlan;

  constructor(
    readonly source: ProgramSource,
    plan: SearchPlan,
    private readonly seed: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    const { look: _look, ...rest } = planOf(plan);
    this.plan = rest;
    this.name = sourceText(source);
    this.look = { seed, preemptions: undefined, pos: 0, pct: 0, chance: undefined };
  }

  get turn(): number {
    return this.spentMs;
  }

  get over(): boolean {
    return this.out === undefined && (this.stage === 'over' || this.stopped || this.failed !== undefined);
  }

  get stats(): SearchStats {
    return this.sums;
  }

  take(): Due | undefined {
    if (this.out !== undefined || this.stopped || this.failed !== undefined || this.stage === 'over') return undefined;
    this.out = this.now();
    return { unit: ROOT, plan: { ...this.plan, ...this.part() } };
  }

  /** Parts are small: there is nothing to say within one. */
  told(): void {}

  give(_id: number, answer: UnitAnswer): void {
    const tookMs = this.now() - (this.out ?? this.now());
    this.out = undefined;
    this.spentMs += tookMs;
    if ('ended' in answer) {
      this.stopped = true;
      return;
    }
    if ('error' in answer) {
      this.failed = receiveError(answer.error);
      return;
    }
    this.name = answer.name;
    const { result } = answer;
    if (result === undefined) return;
    this.found = mergeFindings(this.found, result.found);
    this.sums = mergeStats(this.sums, result.found.stats);
    this.go(result, tookMs);
  }

  stop(): void {
    this.stopped = true;
  }

  exploration(): Exploration {
    const bound = this.failed === undefined ? lookBound(this.look, this.complete) : 'stopped by an error';
    return { complete: this.complete, bound, ...this.found, stats: this.sums, look: this.look };
  }

  save(): undefined {
    return undefined;
  }

  private part(): SearchPlan {
    switch (this.stage) {
      case 'whole':
        return { wholeSteps: WHOLE_STEPS };
      case 'bounded':
        return { wholeSteps: BOUND_STEPS, maxPreemptions: this.most };
      default: {
        const { pos, pct, chance } = this.look;
        const base = { seed: this.seed, schedules: this.atOnce };
        if (this.stage === 'pos') return { sample: { ...base, method: 'pos', first: pos } };
        // k of PCT: the longest run so far, instead of pilots that are run for it alone; it stays the same.
        return { sample: { ...base, method: 'pct', first: pct, steps: chance?.steps ?? this.sums.maxDepth } };
      }
    }
  }

  /** Books how far that was, and says what is next. */
  private go(result: UnitResult, tookMs: number): void {
    const { end, limited, found } = result;
    switch (this.stage) {
      case 'pos':
        this.look = { ...this.look, pos: this.look.pos + found.stats.executions };
        this.stage = 'pct';
        break;
      case 'pct':
        this.drewPct(result);
        if (tookMs < DRAW_MS) this.atOnce = Math.min(MOST_AT_ONCE, this.atOnce * 2);
        this.stage = this.bounded ? 'pos' : 'bounded';
        break;
      default:
        if (end === 'done' && (this.stage === 'whole' || !limited)) {
          this.complete = found.complete;
          this.stage = 'over';
          return;
        }
        if (this.stage === 'bounded') this.reached(end === 'done');
        this.stage = 'pos';
    }
    if (this.look.pos + this.look.pct >= MOST_DRAWN) this.stage = 'over';
  }

  private reached(done: boolean): void {
    if (done) this.look = { ...this.look, preemptions: this.most };
    this.most++;
    this.bounded = !done || this.most > MOST_PREEMPTIONS;
  }

  private drewPct({ found: { stats }, chance }: UnitResult): void {
    const { look } = this;
    const { depth = 1, tasks = 1, steps = 1, longer = 0 } = chance ?? {};
    const before = look.chance ?? { tasks: 0, longer: 0 };
    const all = { depth, tasks: Math.max(tasks, before.tasks), steps, longer: longer + before.longer };
    this.look = { ...look, pct: look.pct + stats.executions, chance: all };
  }
}
