// SPDX-License-Identifier: GPL-2.0-only
import type { AnyDriver, DiffScenario, ModelProfile } from '@libmultipath/contract';
import { diffDocument, diffScenario } from '@libmultipath/conformance';
import { exitCode } from '@libmultipath/report';
import { findConfig, loadConfig, type LoadedConfig } from './config.js';
import { running, viewOn, type CliContext } from './context.js';
import { errors } from './errors.js';
import { levelOf, type LevelFlags } from './level.js';
import { exploreModel } from './explore-model.js';
import { didYouMean, selectScenarios } from './selection.js';
import { checkReportTargets, writeReports, type ReportFlags } from './reports/write-reports.js';
import { checkDocumentTarget, writeDocument } from './write-document.js';

export interface DiffFlags extends ReportFlags, LevelFlags {
  readonly driver?: string;
  readonly json?: string;
}

type Profile = ModelProfile<unknown, unknown>;

/** `mpath diff A B`. */
export const runDiff = async (
  context: CliContext,
  flags: DiffFlags,
  [a = '', b = '', ...names]: readonly string[],
): Promise<void> => {
  let config: LoadedConfig | undefined;
  await running(
    context,
    async () => {
      await checkDocumentTarget(context, flags.json);
      await checkReportTargets(context, flags);
      config = await loadConfig(findConfig(context.cwd));
      const chosen = await selectScenarios(config, names, flags.driver);
      const drivers = [...new Set(chosen.map(({ driver }) => driver))];
      for (const name of [a, b]) checkModel(drivers, name);
      const output = flags.json === '-' ? context.process.stderr : context.process.stdout;
      const view = viewOn(context, output, { models: [a, b], level: levelOf(flags), rows: chosen.length });
      const rows: DiffScenario[] = [];
      for (const { driver, scenario } of chosen) {
        const [first, second] = [profileOf(driver, a), profileOf(driver, b)];
        if (first === undefined || second === undefined) continue;
        view.report({ type: 'stage', title: `${scenario.name} on ${a} and ${b}` });
        const row = await diffScenario(first, second, scenario, driver, (one, profile) =>
          exploreModel(one, driver, profile),
        );
        rows.push(row);
        view.report({ type: 'diff', scenario: row });
      }
      const document = diffDocument(a, b, rows);
      view.summary(document);
      await writeDocument(context, document, flags.json);
      await writeReports(context, flags, document, () => ({ kind: 'diff', document }), output);
      return exitCode(document);
    },
    () => config?.errors ?? [],
  );
};

const profileOf = (driver: AnyDriver, name: string): Profile | undefined =>
  driver.models.find((model) => model.name === name);

const checkModel = (drivers: readonly AnyDriver[], name: string): void => {
  if (drivers.some((driver) => profileOf(driver, name) !== undefined)) return;
  const known = [...new Set(drivers.flatMap((driver) => driver.models.map((model) => model.name)))];
  throw errors.fail('LMP-905', { message: `no model is called ${name}`, where: name, todo: didYouMean(name, known) });
};
