// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a package says of itself that has a driver. */
export const DRIVER_KEYWORD = 'libmultipath-driver';

/** A package with a driver, as it is installed. */
export interface DriverPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder. */
  readonly dir: string;
  /** File that an import of it loads. */
  readonly entry: string;
}

type Manifest = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Manifest => typeof value === 'object' && value !== null;

const manifestOf = (dir: string): Manifest | undefined => {
  const file = join(dir, 'package.json');
  if (!existsSync(file)) return undefined;
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isRecord(read) ? read : undefined;
  } catch {
    // Not ours to complain of: npm does.
    return undefined;
  }
};

/** What `exports` or one of its conditions leads to for an import. */
const targetOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(targetOf).find((one) => one !== undefined);
  if (!isRecord(value)) return undefined;
  for (const [condition, target] of Object.entries(value)) {
    if (!['import', 'node', 'module-sync', 'default'].includes(condition)) continue;
    const found = targetOf(target);
    if (found !== undefined) return found;
  }
  return undefined;
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const entryOf = ({ exports, main }: Manifest): string => {
  const root = isRecord(exports) && '.' in exports ? exports['.'] : exports;
  return targetOf(root) ?? (typeof main === 'string' ? main : 'index.js');
};

const packageIn = (dir: string): DriverPackage | undefined => {
  const manifest = manifestOf(dir);
  const keywords: unknown = manifest?.['keywords'];
  if (manifest === undefined || !Array.isArray(keywords) || !keywords.includes(DRIVER_KEYWORD)) return undefined;
  return {
    name: textOf(manifest['name']),
    version: textOf(manifest['version']),
    dir,
    entry: join(dir, entryOf(manifest)),
  };
};

/** Where Node looks for a package. */
const installed = (name: string, from: string): string | undefined => {
  for (let dir = from; ; dir = dirname(dir)) {
    const found = join(dir, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
    if (dirname(dir) === dir) return undefined;
  }
};

/** Packages with a driver that the folder's package.json names as a dependency, by name. */
export const dependenciesWithDriver = (root: string): readonly DriverPackage[] => {
  const manifest = manifestOf(root);
  const names = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((field) => {
    const listed: unknown = manifest?.[field];
    return isRecord(listed) ? Object.keys(listed) : [];
  });
  return [...new Set(names)].sort().flatMap((name) => {
    const dir = installed(name, root);
    return (dir === undefined ? undefined : packageIn(dir)) ?? [];
  });
};

/** The folder's own package, if that has a driver. */
export const ownDriver = (root: string): DriverPackage | undefined => packageIn(root);
