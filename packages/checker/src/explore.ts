// SPDX-License-Identifier: GPL-2.0-only
import { stateDigest, type Program } from '@libmultipath/kernel';
import { Budget, counted } from './bounds.js';
import type { Exploration, ExploreOptions, SearchStats } from './exploration.js';
import { Memo } from './memo.js';
import { failedRun, ProgramInstance } from './run-program.js';
import { Search } from './search.js';
import { Tally } from './tally.js';

const PROGRESS_EVERY = 1_000;
/**
 * Explores every schedule of a program, by running it again and again.
 * @throws LMP-301 kernel code threw something that is no oops; the cause has the schedule
 * @throws LMP-302 the program is not deterministic
 * @throws LMP-305 a settle point did not wait for everybody
 * @throws LMP-306 options that contradict each other
 */
export const explore = (program: Program, options: ExploreOptions = {}): Exploration => {
  const budget = new Budget(options);
  const tally = new Tally();
  const memo = options.memo === false ? undefined : new Memo(options.digest ?? stateDigest);
  let executions = 0;
  let pruned = 0;
  let instance: ProgramInstance | undefined;
  const reduce = options.maxPreemptions === undefined && options.reduction !== 'none';
  const search: Search = new Search({
    reduce,
    sleep: reduce && options.sleepSets !== false,
    maxPreemptions: options.maxPreemptions,
    known: (machine, task, preemptions) => memo?.known(machine, task, preemptions, instance?.outcome()) ?? false,
    mayGoOn: () => budget.beforeStep(search.steps + search.replayedSteps),
  });
  const stats = (): SearchStats => ({
    executions,
    steps: search.steps,
    replayedSteps: search.replayedSteps,
    states: memo?.size ?? 0,
    memoHits: memo?.hits ?? 0,
    pruned,
    maxDepth: search.maxDepth,
  });

  const runOnce = (): void => {
    search.begin();
    instance = undefined;
    try {
      instance = new ProgramInstance(program);
      const { machine } = instance;
      const end = instance.go(search);
      const schedule = () => search.schedule(machine);
      if (end !== 'stopped') search.conclude(machine);
      if (end === 'finished') tally.finished(instance.outcome(), search.depth, schedule);
      else if (end === 'stuck') tally.stuckRun(machine, instance.outcome(), search.depth, schedule);
      else if (search.cut === 'asleep') pruned++;
      if (machine.reports.length > 0) tally.reported(machine.reports, search.depth, schedule);
    } catch (error) {
      throw failedRun(program, error, instance === undefined ? [] : search.schedule(instance.machine));
    }
    executions++;
    if (executions % PROGRESS_EVERY === 0) options.onProgress?.(stats());
  };

  do {
    if (!budget.beforeRun(executions)) break;
    runOnce();
  } while (budget.stopped === undefined && search.next());

  const { stopped } = budget;
  const { maxPreemptions } = options;
  const within = maxPreemptions === undefined ? 'complete' : `complete up to ${counted(maxPreemptions, 'preemption')}`;
  return {
    complete: stopped === undefined,
    bound: stopped ?? `${within} (sequential consistency)`,
    ...tally.findings(),
    stats: stats(),
  };
};
