// SPDX-License-Identifier: GPL-2.0-only
import type { Incident, Outcome, VmSpec } from '@libmultipath/contract';
import { meetsDemand, WINDOW_SCALES } from '@libmultipath/conformance';
import { isLmpError, type ErrorCatalogue } from '@libmultipath/errors';
import { parseScenario, runInGuest } from '@libmultipath/scenario';
import type { AnyDriver } from '@libmultipath/contract';
import type { Chosen } from '../selection.js';
import type { Bench } from './bench.js';
import { isEnvironment, lossOf, noOutcome, wasEnded, type NoOutcome } from './failure-row.js';

/** Scenarios of one kernel that share a machine. */
export interface Group {
  readonly spec: VmSpec;
  readonly chosen: readonly Chosen[];
}

/** What a kernel showed in a scenario, at the window that gave the demanded order (or at the widest). */
export interface Shown {
  readonly outcomes: readonly Outcome[];
  readonly windowScale: number;
}

export interface GroupOptions {
  readonly drivers: readonly AnyDriver[];
  readonly catalogues: readonly ErrorCatalogue[];
  /** Runs of each scenario on one machine. */
  readonly runs: number;
  readonly signal: AbortSignal;
  /** The time is over: nothing more is begun. */
  readonly over?: AbortSignal | undefined;
  readonly onStart: (chosen: Chosen) => void;
  readonly onEnd: (chosen: Chosen, result: Shown | NoOutcome, seconds: number) => void;
  /** A machine was lost under a scenario. */
  readonly onIncident: (
    chosen: Chosen,
    /** `scenario`: the one to blame, where that is not the chosen one. */
    incident: Omit<Incident, 'scenario'> & { readonly scenario?: string | undefined },
  ) => void;
  /** It was not begun before the time was over. */
  readonly onSkipped: (chosen: Chosen) => void;
  /** The machine has nothing more to say about it for now; once more for the last one, after the machine's end. */
  readonly onQuiet: (chosen: Chosen) => Promise<void>;
  /** Seconds from any origin. */
  readonly now: () => number;
}

/** Runs each scenario of the group; a machine that failed is replaced. */
export const runGroup = async (bench: Bench, group: Group, options: GroupOptions): Promise<void> => {
  // A row is held back until the next scenario has run: a fault may reach the console after the one that made it.
  let held: { readonly chosen: Chosen; readonly result: Shown | NoOutcome; readonly seconds: number } | undefined;
  try {
    for (const chosen of group.chosen) {
      if (options.signal.aborted) return;
      if (options.over?.aborted === true) {
        options.onSkipped(chosen);
        continue;
      }
      options.onStart(chosen);
      const begin = options.now();
      const result = await runTwice(bench, chosen, options);
      if (held !== undefined) options.onEnd(held.chosen, held.result, held.seconds);
      held = { chosen, result, seconds: options.now() - begin };
      await options.onQuiet(chosen);
    }
  } finally {
    const faults = await bench.clear();
    if (held !== undefined) {
      await options.onQuiet(held.chosen);
      const isLate = faults.length > 0 && !options.signal.aborted;
      const result = isLate ? await afterLateFault(bench, held.chosen, faults, options) : held.result;
      options.onEnd(held.chosen, result, held.seconds);
    }
  }
};

/** A fault that came to light at the machine's end: the last scenario is run on another one, to that one's end. */
const afterLateFault = async (
  bench: Bench,
  chosen: Chosen,
  faults: readonly string[],
  options: GroupOptions,
): Promise<Shown | NoOutcome> => {
  const { result } = await runScenario(bench, chosen, options);
  const more = await bench.clear();
  await options.onQuiet(chosen);
  options.onIncident(chosen, { kind: 'fault', detail: faults.join('\n'), again: more.length > 0 });
  return more.length > 0 ? { verdict: 'kernel-fault', reason: more.join('\n') } : result;
};

/** A scenario whose machine is lost is run once more on another one, and that is told: emulation has been seen to fail. */
const runTwice = async (bench: Bench, chosen: Chosen, options: GroupOptions): Promise<Shown | NoOutcome> => {
  const first = await runScenario(bench, chosen, options);
  if (first.loss === undefined || options.signal.aborted || options.over?.aborted === true) return first.result;
  const second = await runScenario(bench, chosen, options);
  options.onIncident(chosen, { ...first.loss, again: second.loss?.kind === first.loss.kind });
  return second.result;
};

interface Ran {
  readonly result: Shown | NoOutcome;
  /** What happened to the machine, where it was lost. */
  readonly loss?: Pick<Incident, 'kind' | 'detail'> | undefined;
}

const runScenario = async (bench: Bench, chosen: Chosen, options: GroupOptions): Promise<Ran> => {
  let shown: Shown = { outcomes: [], windowScale: 1 };
  try {
    for (const windowScale of WINDOW_SCALES) {
      shown = await runAll(bench, chosen, windowScale, options);
      if (shown.outcomes.every((outcome) => meetsDemand(chosen.scenario, outcome))) break;
    }
    return { result: shown };
  } catch (error) {
    if (wasEnded(error) || isEnvironment(error)) throw error;
    const { failed } = bench;
    const result = noOutcome(error, failed, options.catalogues);
    // A machine that never came up was booted again where that is of use.
    const loss = bench.used && result.verdict !== 'unsupported' ? lossOf(error, failed) : undefined;
    // What a failed step or a fault left behind must not reach the next scenario.
    if (result.verdict !== 'unsupported') await bench.clear();
    return { result, loss };
  }
};

const runAll = async (bench: Bench, chosen: Chosen, windowScale: number, options: GroupOptions): Promise<Shown> => {
  const { driver, text, scenario: shown } = chosen;
  const scenario = parseScenario(text, shown.file, options.drivers, { windowScale });
  const outcomes: Outcome[] = [];
  for (let run = 0; run < options.runs; run++) {
    const world = await cleanWorld(bench, chosen, scenario.topology, options);
    bench.lastScenario = scenario.name;
    outcomes.push(await runInGuest(scenario, driver, world));
    if (bench.failed !== undefined) throw bench.failed;
  }
  return { outcomes, windowScale };
};

/** A guest that cannot be cleaned is thrown away for another one, and who left it so is named. */
const cleanWorld = async (bench: Bench, chosen: Chosen, topology: unknown, options: GroupOptions): Promise<unknown> => {
  const { used, lastScenario } = bench;
  try {
    return await bench.cleanWorld(chosen.driver, topology);
  } catch (error) {
    if (!used || wasEnded(error) || bench.failed !== undefined) throw error;
    const detail = isLmpError(error) ? error.format() : error instanceof Error ? error.message : String(error);
    options.onIncident(chosen, { kind: 'dirty', detail, again: false, scenario: lastScenario });
    await bench.clear();
    return bench.cleanWorld(chosen.driver, topology);
  }
};
