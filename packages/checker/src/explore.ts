// SPDX-License-Identifier: GPL-2.0-only
import { stateDigest, virtualTime, type Chooser, type Machine, type Program, type Report } from '@libmultipath/kernel';
import { Budget, counted, modelText } from './bounds.js';
import { DataRaces } from './race/data-races.js';
import type { Exploration, ExploreOptions, Findings, SearchStats } from './exploration.js';
import { Memo } from './memo.js';
import type { SearchSeam } from './parallel/search-seam.js';
import { withRaces } from './race/race-report.js';
import { judge } from './properties/judge.js';
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
export const explore = (program: Program, options: ExploreOptions = {}): Exploration => exploreBy(program, options);

/** {@link explore}, for the parts of this package that take hold of the search itself. */
export const exploreBy = (program: Program, options: ExploreOptions, seam: SearchSeam = {}): Exploration => {
  const budget = new Budget(options);
  const tally = new Tally();
  const memo = options.memo === false ? undefined : new Memo(options.digest ?? stateDigest);
  let executions = 0;
  let pruned = 0;
  let instance: ProgramInstance | undefined;
  const { properties = [] } = program;
  const eachStep = properties.some(({ when }) => when === 'step');
  const reduce = options.maxPreemptions === undefined && options.reduction !== 'none' && !eachStep;
  const races = options.races === false ? undefined : new DataRaces();
  /** What did not hold in the present run. */
  let wrong: Report[] = [];
  const search: Search = new Search({
    reduce,
    sleep: reduce && options.sleepSets !== false,
    maxPreemptions: options.maxPreemptions,
    known: (machine, task, preemptions) => {
      wrong.push(...judge(properties, machine, 'settled'));
      return (
        (memo?.known(machine, task, preemptions, instance?.outcome()) ?? false) ||
        (seam.elsewhere?.(search, machine, task, preemptions) ?? false)
      );
    },
    unordered: races === undefined ? undefined : (...pair) => races.meet(...pair),
    outcome: options.memo !== false && (options.revisits ?? false) !== false ? () => instance?.outcome() : undefined,
    forgets: options.revisits !== 'forget-nothing',
    // Who of several alike was where is part of what a race is.
    symmetries: options.symmetry === false || races !== undefined ? undefined : () => instance?.symmetries ?? [],
    mayGoOn: () => budget.beforeStep(search.steps + search.replayedSteps),
  });
  const stats = (): SearchStats => ({
    executions,
    steps: search.steps,
    replayedSteps: search.replayedSteps,
    states: (memo?.size ?? 0) + (search.revisits?.size ?? 0),
    memoHits: (memo?.hits ?? 0) + (search.revisits?.hits ?? 0),
    pruned,
    maxDepth: search.maxDepth,
  });

  const findings = (): Findings => {
    const found = tally.findings();
    const raced = races?.found();
    if (raced === undefined) return found;
    return { ...found, reports: withRaces(found.reports, raced), races: raced };
  };

  const runOnce = (): void => {
    search.begin();
    instance = undefined;
    wrong = [];
    try {
      const explored = eachStep ? watched(program, wrong, () => instance?.machine) : program;
      instance = new ProgramInstance(explored, { keepObjects: search.revisits !== undefined });
      const { machine } = instance;
      const end = instance.go(search);
      const schedule = () => search.schedule(machine);
      if (end !== 'stopped') search.conclude(machine);
      if (end === 'finished') tally.finished(instance.outcome(), search.depth, schedule);
      else if (end === 'stuck') tally.stuckRun(machine, instance.outcome(), search.depth, schedule);
      else if (search.cut === 'asleep') pruned++;
      if (end !== 'stopped') wrong.push(...judge(properties, machine, 'end'));
      if (machine.reports.length > 0) tally.reported(machine.reports, search.depth, schedule);
      if (wrong.length > 0) tally.reported(wrong, search.depth, schedule);
      races?.endRun(schedule);
    } catch (error) {
      throw failedRun(program, error, instance === undefined ? [] : search.schedule(instance.machine));
    }
    executions++;
    if (executions % PROGRESS_EVERY === 0) options.onProgress?.(stats());
  };

  search.revisits?.prime(() => primeBy(program));
  seam.begin?.(search);
  do {
    if (!budget.beforeRun(executions)) break;
    runOnce();
  } while (budget.stopped === undefined && search.next() && seam.goOn?.(search, stats, findings) !== false);

  const { stopped } = budget;
  const { maxPreemptions } = options;
  const within = maxPreemptions === undefined ? 'complete' : `complete up to ${counted(maxPreemptions, 'preemption')}`;
  return {
    complete: stopped === undefined,
    bound: stopped ?? `${within} ${modelText(options)}`,
    ...findings(),
    stats: stats(),
  };
};

/** Steps of the run that shows what outlives a run. */
const PRIMING_STEPS = 5_000;

/** One run in any order, whatever becomes of it: the search will tell. */
const primeBy = (program: Program): void => {
  const inner = virtualTime();
  let steps = 0;
  const pick: Chooser['pick'] = (enabled, machine) =>
    steps++ < PRIMING_STEPS ? inner.pick(enabled, machine) : undefined;
  try {
    new ProgramInstance(program).go({ pick });
  } catch {
    // The search comes to the same, and says where.
  }
};

/** The program, with what must hold after each step looked at then; what does not is added to `wrong`. */
const watched = (program: Program, wrong: Report[], machine: () => Machine | undefined): Program => {
  const { options = {}, properties = [] } = program;
  return {
    ...program,
    make: (made) => program.make(made),
    options: {
      ...options,
      onEvent: (event) => {
        options.onEvent?.(event);
        const running = machine();
        if (running !== undefined) wrong.push(...judge(properties, running, 'step'));
      },
    },
  };
};
