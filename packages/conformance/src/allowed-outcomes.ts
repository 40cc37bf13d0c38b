// SPDX-License-Identifier: GPL-2.0-only
import {
  canonical,
  FAULT,
  outcomeKey,
  type AnyDriver,
  type ModelProfile,
  type Outcome,
  type Scenario,
} from '@libmultipath/contract';
import { isLmpError } from '@libmultipath/errors';
import type { Exploration } from '@libmultipath/checker';
import { scenarioProgram } from '@libmultipath/scenario';
import { errors } from './errors.js';

type Program = ReturnType<typeof scenarioProgram>;

/** What the comparison takes from a search; the checker's `explore` gives more. */
export type ExploreResult = Pick<Exploration, 'complete' | 'bound'> & {
  readonly outcomes: readonly { readonly value: unknown }[];
  readonly reports: readonly { readonly report: { readonly message: string } }[];
  readonly ends: { readonly stuckAt: readonly { readonly outcome: unknown }[] };
};
export type Explore = (program: Program) => ExploreResult;

/** What a model allows a kernel to show in a scenario. Plain data, so that a worker can send it. */
export interface Allowed {
  /** Name of the profile. */
  readonly model: string;
  /** Sorted by key; with a demand only those that have the demanded order. */
  readonly outcomes: readonly Outcome[];
  readonly complete: boolean;
  /** Verdict line of the exploration. */
  readonly bound: string;
  /** What the simulated kernel reported in some schedule, e.g. `BUG: …`. */
  readonly reports: readonly string[];
  /** Absent: the set can be compared with. */
  readonly unusable?: { readonly verdict: 'too-loose' | 'error'; readonly reason: string };
  /**
   * Where no schedule has the demanded order, or each that has it ends in a report of the simulated kernel: what they
   * show instead. A kernel that has the order, and no fault, diverges from that.
   */
  readonly instead?: readonly Outcome[];
}

/** Explores the scenario on one model. Any profile will do, also one that no driver lists. */
export const allowedOutcomes = (
  scenario: Scenario,
  driver: AnyDriver,
  profile: ModelProfile<unknown, unknown>,
  { explore }: { readonly explore: Explore },
): Allowed => {
  const model = profile.name;
  try {
    return allowedOf(scenario, model, explore(scenarioProgram(scenario, driver, profile)));
  } catch (cause) {
    const message = isLmpError(cause) ? cause.format() : cause instanceof Error ? cause.message : String(cause);
    const reason = errors
      .fail('LMP-507', { message: `model ${model} failed: ${message}`, where: scenario.file })
      .format();
    return {
      model,
      outcomes: [],
      complete: false,
      bound: 'failed',
      reports: [],
      unusable: { verdict: 'error', reason },
    };
  }
};

const allowedOf = (scenario: Scenario, model: string, found: ExploreResult): Allowed => {
  const { complete, bound } = found;
  const values = [...found.outcomes.map(({ value }) => value), ...found.ends.stuckAt.map(({ outcome }) => outcome)];
  // A scenario's program gives outcomes; the search hands them back as they were.
  const all = new Map((values as readonly Outcome[]).map((outcome) => [outcomeKey(outcome), outcome]));
  const sorted = [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, outcome]) => outcome);
  const wanted = sorted.filter((outcome) => meetsDemand(scenario, outcome));
  // A schedule in which the model's kernel reports is no outcome to agree with: a kernel that shows it has faulted.
  const outcomes = wanted.filter((outcome) => !(FAULT in outcome));
  const allowed: Allowed = {
    model,
    outcomes,
    complete,
    bound,
    reports: found.reports.map(({ report }) => report.message),
  };
  const where = scenario.file;
  if (!complete) {
    const message = `model ${model}: expected every schedule to be explored, found: ${bound}`;
    return { ...allowed, unusable: { verdict: 'error', reason: errors.fail('LMP-505', { message, where }).format() } };
  }
  if (outcomes.length === 0) {
    const message = `model ${model}: no schedule shows ${demandText(scenario)}`;
    const instead = wanted.length > 0 ? wanted : sorted.filter((outcome) => !(FAULT in outcome));
    return {
      ...allowed,
      unusable: { verdict: 'error', reason: errors.fail('LMP-506', { message, where }).format() },
      ...(instead.length > 0 ? { instead } : {}),
    };
  }
  if (outcomes.length > scenario.maxOutcomes) {
    const reason = `model ${model} allows ${String(outcomes.length)} outcomes, the scenario ${String(scenario.maxOutcomes)}`;
    return { ...allowed, unusable: { verdict: 'too-loose', reason } };
  }
  return allowed;
};

/** Has the outcome the order that the scenario is about? True where it demands none. */
export const meetsDemand = ({ demand }: Scenario, outcome: Outcome): boolean => {
  if (demand === undefined) return true;
  const value = outcome[demand.observation];
  return value !== undefined && canonical(value) === canonical(demand.value);
};

export const demandText = ({ demand }: Scenario): string =>
  demand === undefined ? 'any outcome' : `\`${demand.observation}\` = ${canonical(demand.value)}`;

/** Factors on `window` for a scenario whose demanded order does not come about: once, doubled twice, then `error`. */
export const WINDOW_SCALES: readonly number[] = [1, 2, 4];
