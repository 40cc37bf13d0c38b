// SPDX-License-Identifier: GPL-2.0-only
import { buildCommand } from '@stricli/core';
import type { AnyDriver } from '@libmultipath/contract';
import { printable, printableLines } from '@libmultipath/report';
import { findConfig, loadConfig, type LoadedConfig } from '../config.js';
import { running, type CliContext } from '../context.js';
import { table } from '../help/table.js';
import { driverNamed, selectScenarios, type Chosen } from '../selection.js';
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
      const lines =
        name === undefined
          ? titles(chosen, columnsOf(this))
          : chosen.flatMap(({ scenario, text: body }) => [
              `# ${printable(scenario.file)}`,
              ...printableLines(body.trimEnd()),
            ]);
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
          ? table(
              config.drivers.flatMap((driver): [string, string][] => [
                [printable(driver.name), printable(`${driver.title} (${modelNames(driver)})`)],
                ['', `from ${printable(originOf(config, driver))}`],
              ]),
              columnsOf(this),
            )
          : described(driverNamed(config, name), originOf(config, driverNamed(config, name)), columnsOf(this));
      this.process.stdout.write(`${lines.join('\n')}\n`);
      return 0;
    });
  },
});

/** Whoever reads no terminal has the whole line. */
const columnsOf = ({ process: { stdout } }: CliContext): number =>
  stdout.isTTY === true ? (stdout.columns ?? Infinity) : Infinity;

const titles = (chosen: readonly Chosen[], columns: number): string[] => {
  const width = Math.max(...chosen.map(({ scenario }) => scenario.name.length));
  const drivers = Math.max(...chosen.map(({ scenario }) => scenario.driver.length));
  return table(
    chosen.map(({ scenario: { name, driver, title } }) => [
      `${name.padEnd(width)}  ${driver.padEnd(drivers)}`,
      printable(title),
    ]),
    columns,
  );
};

const modelNames = ({ models }: AnyDriver): string => models.map((model) => model.name).join(', ');

/** Where the driver came from: the configuration, or a package. */
const originOf = ({ origins }: LoadedConfig, { name }: AnyDriver): string => origins?.get(name) ?? 'the configuration';

const described = (driver: AnyDriver, origin: string, columns: number): string[] => {
  const rows = (list: readonly (readonly [name: string, brief: string])[]): string[] =>
    table(
      list.map(([name, brief]) => [printable(name), printable(brief)]),
      columns,
      '  ',
    );
  const words = (list: Readonly<Record<string, { readonly example: string; readonly doc: string }>>): string[] =>
    rows(Object.values(list).map(({ example, doc }) => [example, doc]));
  return [
    `${printable(driver.name)}: ${printable(driver.title)}`,
    `from ${printable(origin)}`,
    'models',
    ...rows(driver.models.map(({ name, title }) => [name, title])),
    'features',
    ...rows(Object.entries(driver.features).map(([name, since]) => [name, since])),
    'steps',
    ...words(driver.steps),
    'observations',
    ...words(driver.observations),
  ];
};
