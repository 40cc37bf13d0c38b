// SPDX-License-Identifier: GPL-2.0-only
import { buildCommand, buildRouteMap } from '@stricli/core';
import type { CliContext } from '../context.js';
import { driverFlag, text } from './flags.js';

const named = (brief: string) =>
  ({ kind: 'tuple', parameters: [{ brief, parse: text, placeholder: 'name' }] }) as const;

const dir = (brief: string) => ({ kind: 'parsed', parse: text, optional: true, brief, placeholder: 'dir' }) as const;

const driverCommand = buildCommand<{ readonly dir?: string }, [name: string], CliContext>({
  docs: {
    brief: 'Begin a driver: a package that passes its first check',
    fullDescription:
      'Writes a package with a driver on the library, its first scenarios and its configuration. It\n' +
      'type-checks, keeps the contract and passes `mpath check` as it is; src/driver.ts is what its\n' +
      'author changes.\n\nExample: mpath new driver acme',
  },
  parameters: {
    positional: named('Of the driver, lower case'),
    flags: { dir: dir('Where; ./NAME unless given') },
  },
  loader: async () => {
    const { newDriver } = await import('../scaffold/new-driver.js');
    return function (this: CliContext, flags, name) {
      return newDriver(this, name, flags.dir);
    };
  },
});

const scenarioCommand = buildCommand<{ readonly driver?: string; readonly dir?: string }, [name: string], CliContext>({
  docs: {
    brief: 'Begin a scenario of a driver',
    fullDescription:
      'Writes a scenario file that reads and can be checked as it is, into the driver’s folder of\n' +
      'scenarios.\n\nExample: mpath new scenario two-paths-at-once --driver nvme --dir .',
  },
  parameters: {
    positional: named('Of the scenario, lower case'),
    flags: { driver: driverFlag, dir: dir('Where; the driver’s scenarios unless given') },
  },
  loader: async () => {
    const { newScenario } = await import('../scaffold/new-scenario.js');
    return function (this: CliContext, flags, name) {
      return newScenario(this, name, flags);
    };
  },
});

export const newRoutes = buildRouteMap({
  routes: { driver: driverCommand, scenario: scenarioCommand },
  docs: { brief: 'Begin a driver or a scenario' },
});
