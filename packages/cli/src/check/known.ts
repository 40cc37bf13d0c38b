// SPDX-License-Identifier: GPL-2.0-only
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadKnownFindings, type KnownFinding } from '@libmultipath/checker';
import type { AnyDriver } from '@libmultipath/contract';
import { coreFindings } from '@libmultipath/core';
import { isBatteryDriver } from '@libmultipath/scenario';
import type { CliContext } from '../context.js';
import { errors } from '../errors.js';

export type KnownOf = ReadonlyMap<AnyDriver, readonly KnownFinding[]>;

const isFolder = async (path: string): Promise<boolean> => {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
};

/**
 * The known findings of each driver: those of `--known DIR`, or the driver's own.
 * @throws LMP-913 the folder named is none; LMP-324 to LMP-326 its list is not in order
 */
export const knownOf = async (
  { cwd }: CliContext,
  drivers: readonly AnyDriver[],
  flag: string | undefined,
): Promise<KnownOf> => {
  const lists = new Map<AnyDriver, readonly KnownFinding[]>();
  for (const driver of drivers) {
    const folder = flag === undefined ? driver.findings && fileURLToPath(driver.findings) : resolve(cwd, flag);
    if (folder !== undefined && (await isFolder(folder)))
      lists.set(driver, withLibrary(driver, loadKnownFindings(folder), flag));
    else if (folder === undefined) lists.set(driver, []);
    else {
      throw errors.fail('LMP-913', {
        message: 'expected a folder with findings.json and its pages, found none',
        where: flag === undefined ? `findings of driver ${driver.name}` : `--known ${flag}`,
        todo: 'make the folder; an empty one lists nothing',
      });
    }
  }
  return lists;
};

/** Under a driver a shape of the battery shows what the library has, too: its own list holds there. */
const withLibrary = (driver: AnyDriver, list: readonly KnownFinding[], flag: string | undefined) =>
  flag !== undefined || !isBatteryDriver(driver) || driver.findings?.href === coreFindings.href
    ? list
    : [...list, ...loadKnownFindings(fileURLToPath(coreFindings)).map(perhaps)];

/**
 * What the library has may show under a driver and need not: there it may have another id, by the
 * driver's own names. So none of it counts as gone; no shape has this name.
 */
const perhaps = (entry: KnownFinding): KnownFinding => ({ ...entry, shownBy: ['(the shapes of the plain driver)'] });
