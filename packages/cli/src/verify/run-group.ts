// SPDX-License-Identifier: GPL-2.0-only
import type { Outcome, VmSpec } from '@libmultipath/contract';
import { meetsDemand, WINDOW_SCALES } from '@libmultipath/conformance';
import type { ErrorCatalogue } from '@libmultipath/errors';
import { parseScenario, runInGuest } from '@libmultipath/scenario';
import type { AnyDriver } from '@libmultipath/contract';
import type { Chosen } from '../selection.js';
import type { Bench } from './bench.js';
import { isEnvironment, noOutcome, wasEnded, type NoOutcome } from './failure-row.js';

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
      const result = await runScenario(bench, chosen, options);
      if (held !== undefined) options.onEnd(held.chosen, held.result, held.seconds);
      held = { chosen, result, seconds: options.now() - begin };
      await options.onQuiet(chosen);
    }
  } finally {
    const faults = await bench.clear();
    if (held !== undefined) {
      await options.onQuiet(held.chosen);
      const late: NoOutcome = { verdict: 'kernel-fault', reason: faults.join('\n') };
      options.onEnd(held.chosen, faults.length > 0 && !options.signal.aborted ? late : held.result, held.seconds);
    }
  }
};

const runScenario = async (bench: Bench, chosen: Chosen, options: GroupOptions): Promise<Shown | NoOutcome> => {
  let shown: Shown = { outcomes: [], windowScale: 1 };
  try {
    for (const windowScale of WINDOW_SCALES) {
      shown = await runAll(bench, chosen, windowScale, options);
      if (shown.outcomes.every((outcome) => meetsDemand(chosen.scenario, outcome))) return shown;
    }
    return shown;
  } catch (error) {
    if (wasEnded(error) || isEnvironment(error)) throw error;
    const row = noOutcome(error, bench.failed, options.catalogues);
    // What a failed step or a fault left behind must not reach the next scenario.
    if (row.verdict !== 'unsupported') await bench.clear();
    return row;
  }
};

const runAll = async (bench: Bench, chosen: Chosen, windowScale: number, options: GroupOptions): Promise<Shown> => {
  const { driver, text, scenario: shown } = chosen;
  const scenario = parseScenario(text, shown.file, options.drivers, { windowScale });
  const outcomes: Outcome[] = [];
  for (let run = 0; run < options.runs; run++) {
    const world = await cleanWorld(bench, driver, scenario.topology);
    outcomes.push(await runInGuest(scenario, driver, world));
    if (bench.failed !== undefined) throw bench.failed;
  }
  return { outcomes, windowScale };
};

/** A guest that cannot be cleaned is booted again, once. */
const cleanWorld = async (bench: Bench, driver: AnyDriver, topology: unknown): Promise<unknown> => {
  const used = bench.used;
  try {
    return await bench.cleanWorld(driver, topology);
  } catch (error) {
    if (!used || wasEnded(error) || bench.failed !== undefined) throw error;
    await bench.clear();
    return bench.cleanWorld(driver, topology);
  }
};
