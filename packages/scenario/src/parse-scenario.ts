// SPDX-License-Identifier: GPL-2.0-only
import { basename } from 'node:path';
import type { AnyDriver, Demand, Json, Scenario, ScenarioStep } from '@libmultipath/contract';
import { documentSchema } from './document-schema.js';
import { Names } from './parse-word.js';
import { parseSteps } from './parse-steps.js';
import { Problems, suggestion } from './problems.js';
import { addSchemaProblems } from './schema-problems.js';
import { YamlSource } from './yaml-source.js';

export const SCENARIO_SUFFIX = '.scenario.yaml';

export interface ParseOptions {
  /** Factor on the window, for a repetition with more room: 1 unless given. */
  readonly windowScale?: number;
}

/**
 * Reads a scenario and checks it against its driver's vocabulary.
 * @param file path that messages name; its base name must be the scenario's
 * @returns frozen data
 * @throws {ScenarioError} LMP-4nn, all that is wrong at once, each with file:line:column
 */
export const parseScenario = (
  text: string,
  file: string,
  drivers: readonly AnyDriver[],
  { windowScale = 1 }: ParseOptions = {},
): Scenario => {
  const source = YamlSource.read(text, file);
  const problems = new Problems(source);
  const frame = documentSchema.safeParse(source.value);
  if (!frame.success) addSchemaProblems(problems, documentSchema, frame.error, source.value, []);
  const raw = asMapping(source.value);
  const driver = driverOf(problems, raw['driver'], drivers);
  const declared = raw['window'];
  const windowSecs = typeof declared === 'number' ? declared * windowScale : undefined;

  const { topology, names } = topologyOf(problems, driver, raw['topology']);
  // Array.isArray narrows a readonly list to any[]; its items are JSON as the list is.
  const entries = Array.isArray(raw['steps']) ? (raw['steps'] as readonly Json[]) : [];
  const steps = driver === undefined ? [] : parseSteps(problems, driver, names, entries, windowSecs);
  if (driver !== undefined && frame.success) {
    checkNeeds(problems, driver, frame.data.needs ?? []);
    checkName(problems, frame.data.name, file);
  }
  const demand = frame.success ? demandOf(problems, frame.data.demand, steps) : undefined;
  problems.throwIfAny();
  if (!frame.success || driver === undefined) throw new Error('a scenario without problems has a frame and a driver');
  return deepFreeze<Scenario>({
    name: frame.data.name,
    title: frame.data.title,
    driver: driver.name,
    file,
    needs: frame.data.needs ?? [],
    topology,
    maxOutcomes: frame.data.outcomes ?? 1,
    windowSecs,
    demand,
    ...(frame.data.timers === 'late' ? { lateTimers: true } : {}),
    steps,
  });
};

const asMapping = (value: Json): Readonly<Record<string, Json | undefined>> =>
  // A list has no keys of ours, so every look-up in one gives undefined.
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, Json | undefined>>) : {};

const driverOf = (problems: Problems, name: Json | undefined, drivers: readonly AnyDriver[]): AnyDriver | undefined => {
  if (typeof name !== 'string') return undefined;
  const found = drivers.find((driver) => driver.name === name);
  if (found === undefined) {
    const known = drivers.map((driver) => driver.name);
    problems.add('LMP-407', problems.source.at(['driver']), `unknown driver \`${name}\``, suggestion(name, known));
  }
  return found;
};

const topologyOf = (problems: Problems, driver: AnyDriver | undefined, raw: Json | undefined) => {
  if (driver === undefined) return { topology: undefined, names: new Names(undefined) };
  const parsed = driver.topology.safeParse(raw);
  if (!parsed.success) {
    // Absent: the frame has said so.
    if (raw !== undefined) addSchemaProblems(problems, driver.topology, parsed.error, raw, ['topology']);
    return { topology: undefined, names: new Names(undefined) };
  }
  return { topology: parsed.data, names: new Names(driver.declares(parsed.data)) };
};

const checkNeeds = (problems: Problems, driver: AnyDriver, needs: readonly string[]): void => {
  for (const [index, feature] of needs.entries()) {
    if (Object.hasOwn(driver.features, feature)) continue;
    const place = problems.source.at(['needs', index]);
    problems.add('LMP-411', place, `unknown feature \`${feature}\``, suggestion(feature, Object.keys(driver.features)));
  }
};

const checkName = (problems: Problems, name: string, file: string): void => {
  const expected = `${name}${SCENARIO_SUFFIX}`;
  const found = basename(file);
  if (found === expected) return;
  problems.add(
    'LMP-410',
    problems.source.at(['name']),
    `expected the file to be ${expected}, found ${found}`,
    'rename one of the two',
  );
};

const demandOf = (
  problems: Problems,
  demand: Readonly<Record<string, Json>> | undefined,
  steps: readonly ScenarioStep[],
): Demand | undefined => {
  if (demand === undefined) return undefined;
  const { source } = problems;
  const [entry, ...more] = Object.entries(demand);
  if (entry === undefined || more.length > 0) {
    problems.add(
      'LMP-414',
      source.at(['demand']),
      `expected one label and its value, found ${String(Object.keys(demand).length)}`,
    );
    return undefined;
  }
  const [observation, value] = entry;
  const labels = steps.flatMap((step) => (step.kind === 'observe' ? [step.label] : []));
  if (!labels.includes(observation)) {
    const place = source.keyAt(['demand'], observation);
    problems.add('LMP-414', place, `no observation has the label \`${observation}\``, suggestion(observation, labels));
  }
  return { observation, value };
};

const deepFreeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
};
