// SPDX-License-Identifier: GPL-2.0-only
import {
  canonical,
  outcomeKey,
  STUCK,
  type Difference,
  type Json,
  type ObserveStep,
  type Outcome,
  type OutcomeRow,
  type Scenario,
  type ScenarioVerdict,
  type Verdict,
} from '@libmultipath/contract';
import { demandText, meetsDemand, type Allowed } from './allowed-outcomes.js';
import { errors } from './errors.js';

/** An outcome and how often a kernel showed it. */
export interface Seen {
  readonly value: Outcome;
  readonly seen: number;
}

/** Equal outcomes together, sorted by key. */
export const countOutcomes = (outcomes: readonly Outcome[]): Seen[] => {
  const byKey = new Map<string, Seen>();
  for (const value of outcomes) {
    const key = outcomeKey(value);
    byKey.set(key, { value, seen: (byKey.get(key)?.seen ?? 0) + 1 });
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
};

/** Verdict on one scenario: does every outcome that the kernel showed belong to those the model allows? */
export const judge = (scenario: Scenario, allowed: Allowed, seen: readonly Seen[]): ScenarioVerdict => {
  const observations = observeSteps(scenario);
  const keys = new Set(allowed.outcomes.map(outcomeKey));
  const verdict = (
    kind: Verdict,
    reason: string | undefined,
    differences: readonly Difference[] = [],
  ): ScenarioVerdict => ({
    name: scenario.name,
    driver: scenario.driver,
    model: allowed.model,
    verdict: kind,
    observations: kind === 'error' ? 0 : observations.length,
    runs: seen.reduce((sum, row) => sum + row.seen, 0),
    outcomes: rowsOf(allowed, seen),
    differences,
    ...withReason(reason, allowed),
    bound: allowed.bound,
  });
  const unmet = seen.find(({ value }) => !meetsDemand(scenario, value));
  const { unusable, instead } = allowed;
  // The order that no schedule of the model has is no fault of the scenario where the kernel has it: the model is wrong.
  if (unusable !== undefined && (instead === undefined || seen.length === 0 || unmet !== undefined)) {
    return verdict(unusable.verdict, unusable.reason);
  }
  if (seen.length === 0) return verdict('error', 'the kernel was not run');
  const foreign = seen.filter(({ value }) => !keys.has(outcomeKey(value)));
  if (unmet !== undefined) {
    const found = canonical(unmet.value[scenario.demand?.observation ?? ''] ?? null);
    const message = `expected the kernel to show ${demandText(scenario)}, found ${found}`;
    return verdict('error', errors.fail('LMP-506', { message, where: scenario.file }).format());
  }
  if (foreign.length === 0) return verdict('agree', undefined);
  const differences = foreign.map(({ value }) =>
    firstDifference(scenario, observations, instead ?? allowed.outcomes, value),
  );
  return verdict('diverge', undefined, distinct(differences));
};

const withReason = (reason: string | undefined, { model, reports }: Allowed): { readonly reason?: string } => {
  const [first] = reports;
  if (first === undefined) return reason === undefined ? {} : { reason };
  const more = reports.length > 1 ? ` (and ${String(reports.length - 1)} more)` : '';
  const note = `model ${model} itself reports in some schedule: ${first}${more}`;
  return { reason: reason === undefined ? note : `${reason}; ${note}` };
};

const observeSteps = (scenario: Scenario): ObserveStep[] =>
  scenario.steps.flatMap((step) => (step.kind === 'observe' ? [step] : []));

const rowsOf = (allowed: Allowed, seen: readonly Seen[]): OutcomeRow[] => {
  const rows = new Map<string, OutcomeRow>();
  for (const value of allowed.outcomes) rows.set(outcomeKey(value), { value, allowed: true, seen: 0 });
  for (const { value, seen: count } of seen) {
    const key = outcomeKey(value);
    rows.set(key, { value, allowed: rows.get(key)?.allowed ?? false, seen: count });
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
};

/**
 * Walks the observations in the order of the file and keeps the allowed outcomes that
 * agree so far. The first value that none of them has is where the kernel left the model.
 */
const firstDifference = (
  scenario: Scenario,
  observations: readonly ObserveStep[],
  allowed: readonly Outcome[],
  kernel: Outcome,
): Difference => {
  const places = new Map(observations.map((step) => [step.label, step]));
  const labels = [...places.keys()];
  const others = new Set([...allowed, kernel].flatMap((outcome) => Object.keys(outcome)));
  for (const label of labels) others.delete(label);
  let agreeing = allowed;
  for (const label of [...labels, ...[...others].sort()]) {
    const value = textAt(kernel, label);
    const next = agreeing.filter((outcome) => textAt(outcome, label) === value);
    if (next.length === 0) {
      const step = places.get(label);
      return {
        step: step === undefined ? label : entryText(step),
        observation: label,
        model: valuesAt(agreeing, label),
        kernel: kernel[label] ?? null,
        file: scenario.file,
        line: step?.line ?? lineOfStuck(agreeing, label) ?? scenario.steps.at(-1)?.line ?? 1,
      };
    }
    agreeing = next;
  }
  throw new Error('an outcome that is no member agrees with no member in all its observations');
};

const textAt = (outcome: Outcome, label: string): string | undefined => {
  const value = outcome[label];
  return value === undefined ? undefined : canonical(value);
};

const valuesAt = (outcomes: readonly Outcome[], label: string): Json[] => {
  const values = new Map(outcomes.map((outcome) => [textAt(outcome, label) ?? '', outcome[label] ?? null]));
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
};

/** The line at which the outcomes that are stuck stand. */
export const lineOfStuck = (outcomes: readonly Outcome[], label: string): number | undefined => {
  if (label !== STUCK) return undefined;
  const value = outcomes.map((outcome) => outcome[STUCK]).find((stuck) => typeof stuck === 'string');
  const line = Number.parseInt(String(value), 10);
  return Number.isNaN(line) ? undefined : line;
};

/** The entry as it stands in the file, in its short form. */
const entryText = ({ observation, label, args }: ObserveStep): string => {
  if (label === observation) return `observe: ${observation}`;
  if (label.startsWith(`${observation} `)) return `observe: { ${observation}: ${label.slice(observation.length + 1)} }`;
  const argument = args === undefined ? '' : ` ${JSON.stringify(args)}`;
  return `observe: { ${observation}:${argument}, as: ${label} }`;
};

const distinct = (differences: readonly Difference[]): Difference[] => {
  const seen = new Map(differences.map((one) => [JSON.stringify([one.observation, one.model, one.kernel]), one]));
  return [...seen.values()];
};
