// SPDX-License-Identifier: GPL-2.0-only
import type { Program } from '@libmultipath/kernel';
import type { Exploration, ExploreOptions } from '../exploration.js';
import { Ledger, type LedgerBounds, type SavedLedger } from './ledger.js';
import { searchOptions, TELL_STEPS, UNIT_STEPS, WHOLE_STEPS, type SearchPlan } from './plan.js';
import { isRoot, runUnit } from './run-unit.js';
import { runSample } from './run-sample.js';
import type { UnitProgress, UnitResult, WorkUnit } from './work-unit.js';

/** Explores one unit of a program by the plan. */
export const runPlanned = (
  program: Program,
  extra: ExploreOptions,
  plan: SearchPlan,
  unit: WorkUnit,
  stop: () => boolean,
  tell?: (progress: UnitProgress) => void,
): UnitResult => {
  if (plan.sample !== undefined) return runSample(program, plan.sample, stop);
  return runUnit(program, { ...extra, ...searchOptions(plan) }, unit, {
    steps: isRoot(unit) ? (plan.wholeSteps ?? WHOLE_STEPS) : (plan.unitSteps ?? UNIT_STEPS),
    alone: isRoot(unit),
    stop,
    tell,
    tellSteps: plan.tellSteps ?? TELL_STEPS,
  });
};

export interface InUnitsOptions extends SearchPlan, LedgerBounds {
  /** What the program needs of its own, e.g. `digest`. */
  readonly extra?: ExploreOptions;
  readonly stop?: () => boolean;
  readonly resume?: SavedLedger;
}

/**
 * Explores a program part by part in this thread: what threads do, without threads. The
 * same findings, outcomes and verdict as `explore`.
 * @throws as `explore`
 */
export const exploreInUnits = (
  program: Program,
  options: InUnitsOptions = {},
): { readonly exploration: Exploration; readonly saved: SavedLedger } => {
  const stop = options.stop ?? (() => false);
  const ledger = new Ledger(options, options.resume);
  for (let unit = ledger.take(); unit !== undefined; unit = ledger.take()) {
    const result = runPlanned(program, options.extra ?? {}, options, unit, stop);
    ledger.give(unit.id, result);
    if (result.end === 'stopped') ledger.stop('stopped');
  }
  ledger.showPartial();
  return { exploration: ledger.exploration(), saved: ledger.save() };
};
