// SPDX-License-Identifier: GPL-2.0-only
import { findConfig, loadConfig } from '../config.js';
import type { CliContext } from '../context.js';
import { selectScenarios } from '../selection.js';

/** `proposeCompletions` of an argument or option, as the parser calls it: on the command's context. */
type Propose = (this: CliContext, partial: string) => Promise<readonly string[]>;

/**
 * Names of the user's own drivers and scenarios that begin so. Whoever presses TAB is told of no error:
 * a configuration that cannot be loaded completes to nothing.
 */
const proposing = (namesOf: (cwd: string) => Promise<readonly string[]>): Propose =>
  async function (partial) {
    try {
      return (await namesOf(this.cwd)).filter((name) => name.startsWith(partial));
    } catch {
      return [];
    }
  };

const configured = (cwd: string) => loadConfig(findConfig(cwd));

export const proposals = {
  drivers: proposing(async (cwd) => (await configured(cwd)).drivers.map(({ name }) => name)),
  models: proposing(async (cwd) => [
    ...new Set((await configured(cwd)).drivers.flatMap(({ models }) => models.map(({ name }) => name))),
  ]),
  scenarios: proposing(async (cwd) =>
    (await selectScenarios(await configured(cwd), [], undefined)).map(({ scenario }) => scenario.name),
  ),
} as const;
