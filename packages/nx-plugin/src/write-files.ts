// SPDX-License-Identifier: GPL-2.0-only
import { joinPathFragments, type Tree } from '@nx/devkit';
import { isName, type ScaffoldFile } from '@libmultipath/scaffold';

/** @throws Error the schema lets it through when it is called from code */
export const checkName = (name: string): void => {
  if (!isName(name)) throw new Error(`expected lower case letters, digits and single dashes, found ${name}`);
};

/** Writes files where none is, all or none. @throws Error one is there */
export const writeFiles = (tree: Tree, directory: string, files: readonly ScaffoldFile[]): void => {
  const placed = files.map(({ path, text }) => ({ path: joinPathFragments(directory, path), text }));
  const taken = placed.find(({ path }) => tree.exists(path));
  if (taken !== undefined) throw new Error(`expected nothing at ${taken.path}, found a file: give another directory`);
  for (const { path, text } of placed) tree.write(path, text);
};
