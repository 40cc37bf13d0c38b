// SPDX-License-Identifier: GPL-2.0-only
import type { Chooser, Machine, Program } from '@libmultipath/kernel';
import type { Schedule } from '../choice.js';
import { Follower } from '../follower.js';
import { costOf, isCheaper, type Cost } from './cost.js';
import { withPreemptions } from './fewest-preemptions.js';
import { identityKey, identityOf } from './identity.js';
import type { Occurrence } from './occurrence.js';
import { PlanChooser, planOf, type Plan, type Segment } from './plan.js';
import { scheduleOf, traceRun, type RunTrace } from './run-trace.js';
import { causalSlice, restBefore } from './slice.js';

export interface ShrinkOptions {
  /** Steps of all its runs together, at most; default 200,000. */
  readonly maxSteps?: number;
  /** Asked before each run: true ends it as the bound does. */
  readonly stop?: () => boolean;
}

/** The smallest schedule found that shows a finding. */
export interface Shrunk extends Cost {
  readonly schedule: Schedule;
  /** The run of that schedule. */
  readonly trace: RunTrace;
  readonly occurrence: Occurrence;
  /** False: the bound on steps came first, a smaller one may exist. */
  readonly exhausted: boolean;
}

const DEFAULT_STEPS = 200_000;

/** A run that shows the finding, cut after it. */
interface Hit {
  readonly trace: RunTrace;
  readonly occurrence: Occurrence;
  readonly cost: Cost;
}

type Best = Hit & { readonly schedule: Schedule };

const keep = (hit: Hit): Best => ({ ...hit, schedule: scheduleOf(hit.trace, hit.cost.events) });

/** Makes the schedule of one finding smaller: context switches first, then events. */
class Shrinker {
  readonly budget: { left: number };
  best: Best;
  private readonly stop: () => boolean;
  private readonly key: string;

  constructor(
    private readonly program: Program,
    private readonly id: string,
    identity: Occurrence['identity'],
    first: RunTrace,
    { maxSteps = DEFAULT_STEPS, stop = () => false }: ShrinkOptions,
  ) {
    this.budget = { left: maxSteps };
    this.stop = stop;
    this.key = identityKey(identity);
    const hit = this.hitOf(first);
    // The caller has looked: the run shows it.
    if (hit === undefined) throw new Error(`the run does not show ${id}`);
    this.best = keep(hit);
  }

  /** Fewer context switches: two turns of a task become one. */
  merge(only?: ReadonlySet<string>): void {
    for (let better = true; better && this.budget.left > 0;) {
      better = false;
      for (const plan of mergedPlans(planOf(this.best.schedule))) {
        if (!this.tryPlan(plan, only)) continue;
        better = true;
        break;
      }
    }
  }

  /**
   * Below the number of preemptions that is left: every schedule, fewest first. What comes
   * before the last point of rest stays as it is: who ran there in which order is over.
   */
  bounded(): void {
    const { best, program, budget } = this;
    const { trace, occurrence, schedule } = best;
    const prefix = schedule.slice(0, restBefore(trace, occurrence.at));
    const spent = costOf(trace, prefix.length).preemptions;
    for (let preemptions = 0; spent + preemptions < best.cost.preemptions; preemptions++) {
      const shows = (one: RunTrace): boolean => {
        const hit = this.hitOf(one);
        return hit !== undefined && isCheaper(hit.cost, best.cost);
      };
      const found = withPreemptions(program, { preemptions, prefix, budget, reached: this.reached, shows });
      if (found === undefined) continue;
      this.take(found);
      return;
    }
  }

  /** Only what happens before the finding. */
  slice(): void {
    const { trace, occurrence, schedule } = this.best;
    if (occurrence.whole) return;
    const kept = causalSlice(trace, occurrence);
    const sliced = schedule.filter((_choice, index) => kept.has(index));
    if (sliced.length < schedule.length) this.trySchedule(sliced);
  }

  /** Turns that are not needed, though they happen before it. */
  drop(): void {
    if (this.best.occurrence.whole) return;
    const tasks = new Set(this.best.schedule.map(({ task }) => task));
    for (let nth = planOf(this.best.schedule).segments.length - 1; nth >= 0 && this.budget.left > 0; nth--) {
      const plan = planOf(this.best.schedule);
      const segments = plan.segments.filter((_segment, at) => at !== nth);
      const only = new Set(segments.map(({ task }) => task));
      if (this.tryPlan({ ...plan, segments }, only.size < tasks.size ? only : tasks)) this.slice();
    }
  }

  /** How many reports of a run were looked at. */
  private readonly looked = new WeakMap<Machine, number>();
  /** Steps of a run so far. */
  private readonly picks = new WeakMap<Machine, number>();

  private readonly reached = (machine: Machine): boolean => {
    // One run may go round for ever; all of them have one bound.
    const picks = (this.picks.get(machine) ?? 0) + 1;
    this.picks.set(machine, picks);
    if (this.over() || picks > this.budget.left) return true;
    const { reports } = machine;
    const from = this.looked.get(machine) ?? 0;
    if (from === reports.length) return false;
    this.looked.set(machine, reports.length);
    return reports.slice(from).some((report) => identityKey(identityOf(report)) === this.key);
  };

  /** The bound is reached, or nobody wants to wait for it. */
  private over(): boolean {
    if (this.budget.left > 0 && this.stop()) this.budget.left = 0;
    return this.budget.left <= 0;
  }

  private tryPlan(plan: Plan, only: ReadonlySet<string> | undefined): boolean {
    if (this.over()) return false;
    const rules = { reached: this.reached, ...(only === undefined ? {} : { only }) };
    return this.run(new PlanChooser(plan, rules));
  }

  private run(chooser: Chooser): boolean {
    const trace = traceRun(this.program, chooser);
    this.budget.left -= 1 + trace.events.length;
    return this.take(trace);
  }

  private trySchedule(schedule: Schedule): boolean {
    return !this.over() && this.run(new Follower(schedule));
  }

  private take(trace: RunTrace): boolean {
    const hit = this.hitOf(trace);
    if (hit === undefined || !isCheaper(hit.cost, this.best.cost)) return false;
    this.best = keep(hit);
    return true;
  }

  private hitOf(trace: RunTrace): Hit | undefined {
    const occurrence = trace.occurrences.find(({ id }) => id === this.id);
    if (occurrence === undefined) return undefined;
    const steps = Math.min(occurrence.at + 1, trace.events.length);
    return { trace, occurrence, cost: costOf(trace, steps) };
  }
}

/** Each plan in which a turn comes together with the one before it, or the one after it, of the same task. */
function* mergedPlans({ segments, branches }: Plan): Generator<Plan> {
  for (let later = segments.length - 1; later > 1; later--) {
    const moved = segments[later];
    if (moved === undefined) continue;
    const earlier = segments.slice(0, later).findLastIndex(({ task }) => task === moved.task);
    const first = segments[earlier];
    if (first === undefined) continue;
    const between = segments.slice(earlier + 1, later);
    const joined: Segment = { task: moved.task, steps: first.steps + moved.steps };
    const [before, after] = [segments.slice(0, earlier), segments.slice(later + 1)];
    yield { segments: [...before, joined, ...between, ...after], branches };
    yield { segments: [...before, ...between, joined, ...after], branches };
  }
}

/**
 * Shrinks a schedule: fewest preemptions, then context switches, then events, then only
 * what happens before the two sites. Deterministic, and bounded in steps.
 * @param trace a run of the program that shows the finding
 */
export const shrink = (
  program: Program,
  trace: RunTrace,
  occurrence: Occurrence,
  options: ShrinkOptions = {},
): Shrunk => {
  const { id, identity } = occurrence;
  const shrinker = new Shrinker(program, id, identity, trace, options);
  shrinker.merge();
  shrinker.bounded();
  shrinker.merge();
  shrinker.slice();
  const { best } = shrinker;
  if (!best.occurrence.whole) {
    shrinker.merge(new Set(best.schedule.map(({ task }) => task)));
    shrinker.drop();
  }
  // The run of exactly that schedule: what is printed and what the token repeats.
  const final = traceRun(program, new Follower(shrinker.best.schedule));
  const shown = final.occurrences.find((one) => one.id === id);
  const { schedule, cost } = shrinker.best;
  return {
    ...cost,
    schedule,
    trace: final,
    occurrence: shown ?? shrinker.best.occurrence,
    exhausted: shrinker.budget.left > 0,
  };
};
