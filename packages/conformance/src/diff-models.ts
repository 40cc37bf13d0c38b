// SPDX-License-Identifier: GPL-2.0-only
import {
  canonical,
  outcomeKey,
  type AnyDriver,
  type DiffDocument,
  type DiffRow,
  type DiffScenario,
  type Json,
  type ModelProfile,
  type Outcome,
  type Scenario,
} from '@libmultipath/contract';
import type { Allowed } from './allowed-outcomes.js';
import { lineOfStuck } from './judge.js';

type Profile = ModelProfile<unknown, unknown>;

/** Label under which outcome sets differ that have the same values in each observation. */
export const TOGETHER = '(together)';

/** Gives the outcomes of a scenario on a profile; in this thread or in another. */
export type AllowedBy = (scenario: Scenario, profile: Profile) => Allowed | Promise<Allowed>;

/** Two models of one driver on one scenario: every observation in which their outcome sets differ. */
export const diffScenario = async (
  a: Profile,
  b: Profile,
  scenario: Scenario,
  driver: AnyDriver,
  allowed: AllowedBy,
): Promise<DiffScenario> => {
  const row = { name: scenario.name, driver: scenario.driver };
  const none = { ...row, outcomesA: 0, outcomesB: 0, differences: [] };
  for (const profile of [a, b]) {
    const reason = missingFeature(scenario, driver, profile);
    if (reason !== undefined) return { ...none, verdict: 'unsupported', reason };
  }
  const [setA, setB] = [await allowed(scenario, a), await allowed(scenario, b)];
  const failed = [setA, setB].find(({ unusable }) => unusable?.verdict === 'error');
  if (failed !== undefined) return { ...none, verdict: 'error', reason: failed.unusable?.reason ?? '' };
  const differences = rowsOf(scenario, setA.outcomes, setB.outcomes).map((difference): DiffRow => {
    const why = explain(driver, [a.name, b.name], scenario.name, difference.observation);
    return why === undefined ? difference : { ...difference, why };
  });
  return {
    ...row,
    verdict: differences.length === 0 ? 'same' : 'differs',
    outcomesA: setA.outcomes.length,
    outcomesB: setB.outcomes.length,
    differences,
  };
};

/** All scenarios, in the order given. */
export const diffModels = async (
  a: Profile,
  b: Profile,
  scenarios: readonly Scenario[],
  driver: AnyDriver,
  allowed: AllowedBy,
): Promise<DiffDocument> => {
  const rows: DiffScenario[] = [];
  for (const scenario of scenarios) rows.push(await diffScenario(a, b, scenario, driver, allowed));
  return diffDocument(a.name, b.name, rows);
};

export const diffDocument = (a: string, b: string, scenarios: readonly DiffScenario[]): DiffDocument => {
  const count = (verdict: DiffScenario['verdict']): number => scenarios.filter((row) => row.verdict === verdict).length;
  const unexplained = scenarios.flatMap(({ differences }) => differences).filter(({ why }) => why === undefined).length;
  return {
    schema: 'mpath.diff/1',
    a,
    b,
    scenarios,
    summary: {
      same: count('same'),
      differs: count('differs'),
      unsupported: count('unsupported'),
      error: count('error'),
      unexplained,
    },
  };
};

/** Why a profile cannot carry a scenario out, or undefined. */
export const missingFeature = (scenario: Scenario, driver: AnyDriver, profile: Profile): string | undefined => {
  const feature = scenario.needs.find((need) => !profile.features.has(need));
  if (feature === undefined) return undefined;
  return `needs ${feature} (${driver.features[feature] ?? 'unknown'}), which ${profile.name} does not have`;
};

const rowsOf = (scenario: Scenario, a: readonly Outcome[], b: readonly Outcome[]): DiffRow[] => {
  const places = new Map(scenario.steps.flatMap((step) => (step.kind === 'observe' ? [[step.label, step.line]] : [])));
  const labels = [...new Set([...places.keys(), ...[...a, ...b].flatMap((outcome) => Object.keys(outcome))])];
  const rows = labels.flatMap((observation): DiffRow[] => {
    const [valuesA, valuesB] = [valuesAt(a, observation), valuesAt(b, observation)];
    if (canonical(valuesA) === canonical(valuesB)) return [];
    const line = places.get(observation) ?? lineOfStuck([...a, ...b], observation) ?? 1;
    return [{ observation, a: valuesA, b: valuesB, file: scenario.file, line }];
  });
  const [keysA, keysB] = [a, b].map((outcomes) => new Set(outcomes.map(outcomeKey)));
  const onlyA = a.filter((outcome) => keysB?.has(outcomeKey(outcome)) === false);
  const onlyB = b.filter((outcome) => keysA?.has(outcomeKey(outcome)) === false);
  if (rows.length > 0 || onlyA.length + onlyB.length === 0) return rows;
  return [{ observation: TOGETHER, a: onlyA, b: onlyB, file: scenario.file, line: 1 }];
};

/** The distinct values of one observation over a set, sorted; a run that never came there gives none. */
const valuesAt = (outcomes: readonly Outcome[], label: string): Json[] => {
  const values = new Map<string, Json>();
  for (const outcome of outcomes) {
    const value = outcome[label];
    if (value !== undefined) values.set(canonical(value), value);
  }
  return [...values].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, value]) => value);
};

/** The most exact explanation: named scenario and observation before `*`. */
const explain = (
  driver: AnyDriver,
  pair: readonly [string, string],
  scenario: string,
  observation: string,
): string | undefined => {
  const fits = (pattern: string, name: string): boolean => pattern === '*' || pattern === name;
  const exactness = (one: (typeof driver.explanations)[number]): number =>
    (one.scenario === '*' ? 0 : 2) + (one.observation === '*' ? 0 : 1);
  return driver.explanations
    .filter(({ between }) => [...between].sort().join('\n') === [...pair].sort().join('\n'))
    .filter((one) => fits(one.scenario, scenario) && fits(one.observation, observation))
    .sort((x, y) => exactness(y) - exactness(x))[0]?.why;
};
