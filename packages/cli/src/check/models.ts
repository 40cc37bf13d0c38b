// SPDX-License-Identifier: GPL-2.0-only
import type { AnyDriver, ModelProfile } from '@libmultipath/contract';
import { errors } from '../errors.js';
import { didYouMean } from '../selection.js';

export type Profile = ModelProfile<unknown, unknown>;

/** The revision that remedies are made for, and that a check is about unless another is named. */
export const POSTED = 'v3';
/** It with all remedies: what is found there is the driver's own. */
export const FIXED = 'fixed';

/** Which model of a driver: by its name, or the library with remedies. */
export interface ModelName {
  readonly revision: string;
  readonly remedies: readonly string[];
}

/**
 * Undefined: the driver has no such model.
 * @throws LMP-101 no such remedy
 */
export const modelOf = (driver: AnyDriver, { revision, remedies }: ModelName): Profile | undefined =>
  remedies.length === 0 ? driver.models.find(({ name }) => name === revision) : driver.libraryModel?.(remedies);

/** @throws LMP-905 none of the drivers has the model; LMP-909 remedies for another revision than v3 */
export const checkModelName = (drivers: readonly AnyDriver[], name: ModelName): void => {
  const { revision, remedies } = name;
  if (remedies.length > 0 && revision !== POSTED) {
    throw errors.fail('LMP-909', {
      message: `expected ${POSTED}, which remedies are made for, found ${revision}`,
      where: '--remedy',
      todo: 'leave --revision or --remedy out',
    });
  }
  if (drivers.some((driver) => modelOf(driver, name) !== undefined)) return;
  const known = [...new Set(drivers.flatMap(({ models }) => models.map((model) => model.name)))];
  throw errors.fail('LMP-905', {
    message:
      remedies.length === 0
        ? `no model is called ${revision}`
        : 'no driver chosen has a model on a library with remedies',
    where: remedies.length === 0 ? revision : '--remedy',
    todo: remedies.length === 0 ? didYouMean(revision, known) : 'a driver gives one as `libraryModel`',
  });
};
