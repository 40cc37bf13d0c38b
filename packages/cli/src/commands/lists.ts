// SPDX-License-Identifier: GPL-2.0-only
import { buildCommand } from '@stricli/core';
import type { AnyDriver } from '@libmultipath/contract';
import { printable, printableLines } from '@libmultipath/report';
import { findConfig, loadConfig, type LoadedConfig } from '../config.js';
import { running, type CliContext } from '../context.js';
import { driverNamed, selectScenarios } from '../selection.js';
import { driverFlag, text, type NoFlags } from './flags.js';

const oneName = (brief: string) =>
  ({ kind: 'tuple', parameters: [{ brief, parse: text, placeholder: 'name', optional: true }] }) as const;

export const scenariosCommand = buildCommand<{ readonly driver?: string }, [name?: string], CliContext>({
  docs: {
    brief: 'List the scenarios, or print one',
    fullDescription: 'List the scenarios, or print one.\n\nExample: mpath scenarios round-robin-alternates',
  },
  parameters: { positional: oneName('The scenario to print'), flags: { driver: driverFlag } },
  func(this: CliContext, flags, name) {
    return running(this, async () => {
      const config = await loadConfig(findConfig(this.cwd));
      const chosen = await selectScenarios(config, name === undefined ? [] : [name], flags.driver);
      const lines = chosen.flatMap(({ scenario, text: body }) =>
        name === undefined
          ? [`${scenario.name.padEnd(32)} ${scenario.driver.padEnd(6)} ${printable(scenario.title)}`]
          : [`# ${printable(scenario.file)}`, ...printableLines(body.trimEnd())],
      );
      this.process.stdout.write(`${lines.join('\n')}\n`);
      return 0;
    });
  },
});

export const driversCommand = buildCommand<NoFlags, [name?: string], CliContext>({
  docs: {
    brief: 'List the drivers, or the words, features and models of one',
    fullDescription: 'List the drivers, or the words, features and models of one.\n\nExample: mpath drivers nvme',
  },
  parameters: { positional: oneName('The driver to describe') },
  func(this: CliContext, _flags, name) {
    return running(this, async () => {
      const config = await loadConfig(findConfig(this.cwd));
      const lines =
        name === undefined
          ? config.drivers.flatMap((driver) => [
              `${driver.name.padEnd(8)} ${driver.title} (${modelNames(driver)})`,
              `${' '.repeat(8)} from ${originOf(config, driver)}`,
            ])
          : described(driverNamed(config, name), originOf(config, driverNamed(config, name)));
      this.process.stdout.write(`${lines.map(printable).join('\n')}\n`);
      return 0;
    });
  },
});

const modelNames = ({ models }: AnyDriver): string => models.map((model) => model.name).join(', ');

/** Where the driver came from: the configuration, or a package. */
const originOf = ({ origins }: LoadedConfig, { name }: AnyDriver): string => origins?.get(name) ?? 'the configuration';

const described = (driver: AnyDriver, origin: string): string[] => {
  const words = (list: Readonly<Record<string, { readonly example: string; readonly doc: string }>>): string[] =>
    Object.values(list).map(({ example, doc }) => `  ${example.padEnd(44)} ${doc}`);
  return [
    `${driver.name}: ${driver.title}`,
    `from ${origin}`,
    'models',
    ...driver.models.map((model) => `  ${model.name.padEnd(10)} ${model.title}`),
    'features',
    ...Object.entries(driver.features).map(([name, since]) => `  ${name.padEnd(20)} ${since}`),
    'steps',
    ...words(driver.steps),
    'observations',
    ...words(driver.observations),
  ];
};
