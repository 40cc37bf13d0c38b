// SPDX-License-Identifier: GPL-2.0-only
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DRIVER_API, type AnyDriver } from '@libmultipath/contract';
import { isLmpError, type ErrorCatalogue } from '@libmultipath/errors';
import { register } from 'tsx/esm/api';
import { errors } from './errors.js';

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
}

const NAME = 'mpath.config.ts';

/** Looks in the folder and in those above it. @throws LMP-901 */
export const findConfig = (from: string): string => {
  for (let dir = from; ; dir = dirname(dir)) {
    const file = join(dir, NAME);
    if (existsSync(file)) return file;
    if (dirname(dir) !== dir) continue;
    throw errors.fail('LMP-901', {
      message: `expected ${NAME} there or in a folder above, found none`,
      where: from,
      todo: `run the command inside a checkout, or write one: export default { drivers: [myDriver] };`,
    });
  }
};

/** @throws LMP-902; a numbered error of a driver (LMP-6nn) passes through */
export const loadConfig = async (file: string): Promise<LoadedConfig> => {
  // Hooks without a namespace: a driver must get the very modules that this program runs on.
  const unregister = register();
  let loaded: unknown;
  try {
    loaded = await import(pathToFileURL(file).href);
  } catch (cause) {
    if (isLmpError(cause)) throw cause;
    throw broken(file, cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    await unregister();
  }
  const config = propertyOf(loaded, 'default');
  const drivers = propertyOf(config, 'drivers');
  if (!Array.isArray(drivers)) throw broken(file, 'expected its default export to be { drivers: […] }');
  const names = drivers.map((driver) => propertyOf(driver, 'name'));
  for (const [index, driver] of drivers.entries()) {
    if (propertyOf(driver, 'api') === DRIVER_API && names.indexOf(names[index]) === index) continue;
    throw broken(
      file,
      `expected drivers[${String(index)}] to be a driver of interface ${String(DRIVER_API)} with a name of its own`,
    );
  }
  const catalogues = propertyOf(config, 'errors') ?? [];
  if (!Array.isArray(catalogues)) throw broken(file, 'expected `errors` to be a list of catalogues');
  // The elements were looked at above as far as a value can show its type; defineDriver has checked the rest.
  return { file, root: dirname(file), drivers: drivers as AnyDriver[], errors: catalogues as ErrorCatalogue[] };
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
