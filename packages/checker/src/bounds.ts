// SPDX-License-Identifier: GPL-2.0-only
import { errors } from './errors.js';
import type { ExploreOptions } from './exploration.js';

const DEFAULT_EXECUTIONS = 1_000_000;
/** The clock is asked once for so many steps. */
const CLOCK_EVERY = 1_024;

/** `200,000 executions`, `1 step`. */
export const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;

/** States between settle points are met again as well: where the reduction holds, which knows what is before what. */
export const meetsStates = ({
  memo,
  revisits,
  reduction,
  maxPreemptions,
}: Pick<ExploreOptions, 'memo' | 'revisits' | 'reduction' | 'maxPreemptions'>): boolean =>
  memo !== false && (revisits ?? false) !== false && reduction !== 'none' && maxPreemptions === undefined;

/** The memory model that a verdict holds in, and what it rests on beside the reduction and the memo of settle points. */
export const modelText = (options: Parameters<typeof meetsStates>[0]): string => {
  if (!meetsStates(options)) return '(sequential consistency)';
  const rule = options.revisits === 'forget-nothing' ? '' : ' by the rule of decision 0007';
  return `(sequential consistency, each state once${rule}, data races within a run)`;
};

/** @throws LMP-306 the value is given, and is no whole number or too small */
export const checkWhole = (name: string, value: number | undefined, least: number): void => {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
  throw errors.fail('LMP-306', {
    message: `expected a whole number of at least ${String(least)} for ${name}, found ${String(value)}`,
  });
};

/** How far a search may go, and what it says when it had to stop. */
export class Budget {
  /** Why the search stopped; undefined: it did not. */
  stopped: string | undefined;
  private readonly until: number;
  private asked = 0;

  constructor(private readonly options: ExploreOptions) {
    checkWhole('maxExecutions', options.maxExecutions, 1);
    checkWhole('maxSteps', options.maxSteps, 1);
    checkWhole('timeMs', options.timeMs, 1);
    checkWhole('maxPreemptions', options.maxPreemptions, 0);
    if (options.timeMs !== undefined && options.now === undefined) {
      throw errors.fail('LMP-306', { message: 'expected `now`, the clock that timeMs is measured by' });
    }
    this.until = options.timeMs === undefined ? Infinity : (options.now?.() ?? 0) + options.timeMs;
  }

  beforeRun(executions: number): boolean {
    const most = this.options.maxExecutions ?? DEFAULT_EXECUTIONS;
    if (executions >= most) this.stopped ??= `stopped after ${counted(most, 'execution')}`;
    this.askClock();
    return this.stopped === undefined;
  }

  beforeStep(steps: number): boolean {
    const { maxSteps } = this.options;
    if (maxSteps !== undefined && steps >= maxSteps) this.stopped ??= `stopped after ${counted(maxSteps, 'step')}`;
    if (++this.asked % CLOCK_EVERY === 0) this.askClock();
    return this.stopped === undefined;
  }

  private askClock(): void {
    const { now, timeMs } = this.options;
    if (now !== undefined && timeMs !== undefined && now() >= this.until) {
      this.stopped ??= `stopped after ${counted(timeMs, 'millisecond')}`;
    }
  }
}
