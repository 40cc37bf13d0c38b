// SPDX-License-Identifier: GPL-2.0-only
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AnyDriver, Scenario } from '@libmultipath/contract';
import type { LmpError } from '@libmultipath/errors';
import { errors } from './errors.js';
import { parseScenario, SCENARIO_SUFFIX } from './parse-scenario.js';
import { ScenarioError } from './scenario-error.js';

/** A scenario with the text it was read from: the text makes it again elsewhere, or with a wider window. */
export interface LoadedScenario {
  readonly scenario: Scenario;
  readonly text: string;
}

export interface LoadOptions {
  /** How messages name a file; its path unless given. */
  readonly show?: (path: string) => string;
}

/**
 * Reads all `*.scenario.yaml` of a folder, by name.
 * @throws {ScenarioError} what is wrong with any of them, all at once
 * @throws LMP-416 the folder or a file cannot be read
 */
export const loadScenarios = async (
  dir: URL,
  drivers: readonly AnyDriver[],
  options: LoadOptions = {},
): Promise<LoadedScenario[]> => {
  const folder = dir.href.endsWith('/') ? dir : new URL(`${dir.href}/`);
  const names = (await reading(folder, () => readdir(folder))).filter((name) => name.endsWith(SCENARIO_SUFFIX)).sort();
  const loaded: LoadedScenario[] = [];
  const problems: LmpError[] = [];
  for (const name of names) {
    try {
      loaded.push(await loadScenario(new URL(encodeURIComponent(name), folder), drivers, options));
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ScenarioError(problems);
  return loaded;
};

/** @throws as {@link loadScenarios} */
export const loadScenario = async (
  file: URL,
  drivers: readonly AnyDriver[],
  { show = (path) => path }: LoadOptions = {},
): Promise<LoadedScenario> => {
  const text = await reading(file, () => readFile(file, 'utf8'));
  return { text, scenario: parseScenario(text, show(fileURLToPath(file)), drivers) };
};

const reading = async <T>(url: URL, read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw errors.fail('LMP-416', {
      message: `expected a readable file or folder: ${reason}`,
      where: fileURLToPath(url),
      cause,
    });
  }
};
