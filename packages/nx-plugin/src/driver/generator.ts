// SPDX-License-Identifier: GPL-2.0-only
import type { Tree } from '@nx/devkit';
import { driverFiles } from '@libmultipath/scaffold';
import { checkName, writeFiles } from '../write-files.js';

/** Options of `nx g @libmultipath/nx-plugin:driver`. */
export interface DriverOptions {
  readonly name: string;
  readonly directory?: string;
}

/** Writes what `mpath new driver` writes. */
export const driverGenerator = async (tree: Tree, { name, directory }: DriverOptions): Promise<void> => {
  checkName(name);
  writeFiles(tree, directory ?? name, await driverFiles(name));
};
