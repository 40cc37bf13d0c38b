// SPDX-License-Identifier: GPL-2.0-only
import { joinPathFragments, type Tree } from '@nx/devkit';
import { scenarioFile } from '@libmultipath/scaffold';
import { checkName, writeFiles } from '../write-files.js';

/** Options of `nx g @libmultipath/nx-plugin:scenario`. */
export interface ScenarioOptions {
  readonly name: string;
  readonly driver: string;
  readonly directory?: string;
}

/** Writes what `mpath new scenario` writes for a driver with the kit's own words. */
export const scenarioGenerator = async (tree: Tree, { name, driver, directory }: ScenarioOptions): Promise<void> => {
  checkName(name);
  writeFiles(tree, joinPathFragments(directory ?? driver, 'scenarios'), [await scenarioFile(name, driver)]);
};
