// SPDX-License-Identifier: GPL-2.0-only
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnyDriver } from '@libmultipath/contract';
import { scenarioFile, type ScaffoldFile } from '@libmultipath/scaffold';
import { loadScenarios, parseScenario, ScenarioError } from '@libmultipath/scenario';
import { findConfig, loadConfig, type LoadedConfig } from '../config.js';
import { running, type CliContext } from '../context.js';
import { errors } from '../errors.js';
import { didYouMean, driverNamed } from '../selection.js';
import { checkName, writeNew } from './write-new.js';

const theDriver = (config: LoadedConfig, name: string | undefined): AnyDriver => {
  if (name !== undefined) return driverNamed(config, name);
  const [only, ...others] = config.drivers;
  if (only !== undefined && others.length === 0) return only;
  throw errors.fail('LMP-904', {
    message: `expected the name of a driver, since there are ${String(config.drivers.length)}`,
    where: '--driver',
    todo: didYouMean(
      '',
      config.drivers.map((driver) => driver.name),
    ),
  });
};

const reads = ({ path, text }: ScaffoldFile, drivers: readonly AnyDriver[]): boolean => {
  try {
    parseScenario(text, path, drivers);
    return true;
  } catch (error) {
    if (error instanceof ScenarioError) return false;
    throw error;
  }
};

/** The template where the driver has its words; else one of the driver's own scenarios, to be changed. */
const textFor = async (name: string, driver: AnyDriver, drivers: readonly AnyDriver[]): Promise<ScaffoldFile> => {
  const file = await scenarioFile(name, driver.name);
  if (reads(file, drivers)) return file;
  const [first] = await loadScenarios(driver.scenarios, drivers);
  if (first === undefined) {
    throw errors.fail('LMP-910', {
      message: 'expected a scenario to begin from, found none: the driver has words of its own',
      where: driver.name,
      todo: `write the first by hand; mpath drivers ${driver.name} lists the words`,
    });
  }
  const text = first.text
    .replace(/^name:.*$/m, `name: ${name}`)
    .replace(/^title:.*$/m, `title: Say in one line what must happen (begun from ${first.scenario.name})`);
  return { ...file, text };
};

/** `mpath new scenario`. @throws LMP-904, LMP-910, LMP-933, LMP-934 */
export const newScenario = (
  context: CliContext,
  name: string,
  flags: { readonly driver?: string; readonly dir?: string },
): Promise<void> =>
  running(context, async () => {
    checkName(name);
    const config = await loadConfig(findConfig(context.cwd));
    const driver = theDriver(config, flags.driver);
    const dir = flags.dir === undefined ? fileURLToPath(driver.scenarios) : resolve(context.cwd, flags.dir);
    const file = await textFor(name, driver, config.drivers);
    await writeNew(dir, [file]);
    const shown = relative(context.cwd, resolve(dir, file.path));
    context.process.stdout.write(`  ${shown}\n\nmpath check ${name} explores it.\n`);
    return 0;
  });
