// SPDX-License-Identifier: GPL-2.0-only
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DRIVER_API, type AnyDriver } from '@libmultipath/contract';
import { isLmpError, LmpError, type ErrorCatalogue } from '@libmultipath/errors';
import { register } from 'tsx/esm/api';
import { DRIVER_KEYWORD, dependenciesWithDriver, ownDriver, type DriverPackage } from './driver-packages.js';
import { errors } from './errors.js';
import { guarded } from './load-guard.js';

/** What mpath.config.ts exports by default. */
export interface MpathConfig {
  readonly drivers: readonly AnyDriver[];
  /** Error numbers of the drivers, for `mpath explain`. */
  readonly errors?: readonly ErrorCatalogue[];
}

export interface LoadedConfig extends Required<MpathConfig> {
  /** Path of the file. */
  readonly file: string;
  /** Its folder: files are shown relative to it. */
  readonly root: string;
  /** Name of a driver → where it came from. Absent: whoever made the configuration knows. */
  readonly origins?: ReadonlyMap<string, string>;
}

const NAME = 'mpath.config.ts';
const MANIFEST = 'package.json';

/**
 * Looks in the folder and in those above it, for the configuration, or for a package.json that has a
 * driver or depends on one. @throws LMP-901
 */
export const findConfig = (from: string): string => {
  for (let dir = from; ; dir = dirname(dir)) {
    const file = join(dir, NAME);
    if (existsSync(file)) return file;
    if (ownDriver(dir) !== undefined || dependenciesWithDriver(dir).length > 0) return join(dir, MANIFEST);
    if (dirname(dir) !== dir) continue;
    throw errors.fail('LMP-901', {
      message: `expected ${NAME} there or in a folder above, found none; nor a package with the keyword ${DRIVER_KEYWORD}`,
      where: from,
      todo: `run the command inside a checkout, write one (export default { drivers: [myDriver] };), or begin a driver: mpath new driver NAME`,
    });
  }
};

/** A driver, or what was given for one, and where it came from. */
interface Origin {
  readonly driver: unknown;
  readonly from: string;
  /** How messages name the place. */
  readonly where: string;
}

/**
 * The drivers that the file lists, and those of the packages that the folder depends on.
 * @throws LMP-902, LMP-931, LMP-932, LMP-935, LMP-601; a numbered error of a driver (LMP-6nn) passes through
 */
export const loadConfig = (file: string): Promise<LoadedConfig> =>
  guarded(file, async () => {
    await importBuilt(file);
    // Hooks without a namespace: a driver must get the very modules that this program runs on.
    const unregister = register();
    try {
      return await load(file);
    } finally {
      await unregister();
    }
  });

/**
 * The drivers of this project that the file names, as they were built: the hooks look at each file that is
 * imported under them, and what is imported before is twice as fast. Anything else is left to them.
 */
const importBuilt = async (file: string): Promise<void> => {
  const text = await readFile(file, 'utf8').catch(() => '');
  const { resolve } = createRequire(file);
  for (const [, name = ''] of text.matchAll(/\bfrom\s+['"](@libmultipath\/[\w-]+)['"]/g)) {
    try {
      const path = resolve(name);
      if (path.endsWith('.js')) await import(pathToFileURL(path).href);
    } catch {
      // Whatever is wrong with it is told when the file imports it.
    }
  }
};

const load = async (file: string): Promise<LoadedConfig> => {
  const root = dirname(file);
  const listed = basename(file) === MANIFEST ? { drivers: [], errors: [] } : await listedBy(file);
  const own = basename(file) === MANIFEST ? ownDriver(root) : undefined;
  const packages = [...(own === undefined ? [] : [own]), ...dependenciesWithDriver(root)];
  const found = await Promise.all(packages.map(packagedBy));
  const origins = [...listed.drivers, ...found.flatMap(({ drivers }) => drivers)];
  const drivers = distinct(origins);
  const names = new Map(drivers.map(({ driver, from }) => [driver.name, from]));
  const catalogues = new Set([...listed.errors, ...found.flatMap((one) => one.errors)]);
  return { file, root, drivers: drivers.map(({ driver }) => driver), errors: [...catalogues], origins: names };
};

interface Listed {
  readonly drivers: readonly Origin[];
  readonly errors: readonly ErrorCatalogue[];
}

/** What the configuration's default export lists. */
const listedBy = async (file: string): Promise<Listed> => {
  const config = propertyOf(await imported(file, file), 'default');
  const drivers = propertyOf(config, 'drivers');
  if (!Array.isArray(drivers)) throw broken(file, 'expected its default export to be { drivers: […] }');
  const catalogues = propertyOf(config, 'errors') ?? [];
  if (!Array.isArray(catalogues)) throw broken(file, 'expected `errors` to be a list of catalogues');
  return {
    drivers: drivers.map((driver: unknown, index) => ({
      driver,
      from: NAME,
      where: `${file}, drivers[${String(index)}]`,
    })),
    // What is in it is only shown.
    errors: catalogues as ErrorCatalogue[],
  };
};

/** What a package exports of drivers and error numbers. */
const packagedBy = async ({ name, version, dir, entry }: DriverPackage): Promise<Listed> => {
  const from = `package ${name}${version === '' ? '' : ` ${version}`}`;
  const where = `${from}, ${dir}`;
  const loaded = await imported(entry, where);
  const exported: unknown[] = typeof loaded === 'object' && loaded !== null ? Object.values(loaded) : [];
  const drivers = exported.filter(
    (value) => propertyOf(value, 'api') !== undefined && propertyOf(value, 'steps') !== undefined,
  );
  if (drivers.length === 0) {
    throw errors.fail('LMP-935', {
      message: `expected an export that is a driver, since it has the keyword ${DRIVER_KEYWORD}; found ${String(exported.length)} others`,
      where,
      todo: 'export what defineDriver() gave from the package’s entry',
    });
  }
  return { drivers: drivers.map((driver) => ({ driver, from, where })), errors: exported.filter(isCatalogue) };
};

const isCatalogue = (value: unknown): value is ErrorCatalogue =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length > 0 &&
  Object.keys(value).every((key) => /^LMP-\d{3}$/.test(key));

/** Drivers by name, those that are listed and found at the same time once. @throws LMP-601, LMP-902, LMP-931 */
const distinct = (origins: readonly Origin[]): { readonly driver: AnyDriver; readonly from: string }[] => {
  const byName = new Map<string, Origin & { readonly driver: AnyDriver }>();
  for (const { driver, from, where } of origins) {
    const name = propertyOf(driver, 'name');
    const api = propertyOf(driver, 'api');
    if (typeof name !== 'string' || api === undefined) {
      throw broken(where, 'expected a driver, as defineDriver() makes one');
    }
    if (api !== DRIVER_API) {
      throw new LmpError('LMP-601', {
        message: `expected api ${String(DRIVER_API)}, found ${JSON.stringify(api)}`,
        where: `driver ${name}, ${where}`,
        todo: 'install a version of the driver that was built for this one',
      });
    }
    const other = byName.get(name);
    if (other?.driver === driver) continue;
    if (other !== undefined) {
      throw errors.fail('LMP-931', {
        message: `two drivers are called ${name}: one of ${other.from}, one of ${from}`,
        where,
        todo: 'rename one of them, or take one out',
      });
    }
    // Interface and name are there; defineDriver() has looked at the rest.
    byName.set(name, { driver: driver as AnyDriver, from, where });
  }
  return [...byName.values()];
};

const MISSING = /Cannot find (?:package|module) '([^']+)'/;

const imported = async (file: string, where: string): Promise<unknown> => {
  try {
    return await import(pathToFileURL(file).href);
  } catch (cause) {
    if (isLmpError(cause)) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    const missing = propertyOf(cause, 'code') === 'ERR_MODULE_NOT_FOUND' ? MISSING.exec(message)?.[1] : undefined;
    if (missing === undefined) throw broken(where, message, cause);
    throw errors.fail('LMP-932', {
      message,
      where,
      todo: /^[./]/.test(missing) || missing.startsWith('file:') ? 'correct the path' : `npm install ${missing}`,
      cause,
    });
  }
};

const propertyOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;

const broken = (where: string, message: string, cause?: unknown) =>
  errors.fail('LMP-902', {
    message,
    where,
    todo: 'mend the file, or the driver that it imports',
    ...(cause === undefined ? {} : { cause }),
  });
