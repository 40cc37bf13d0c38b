// SPDX-License-Identifier: GPL-2.0-only
import { errors } from '../errors.js';
import { makeV3, type LibV3 } from '../v3/make-v3.js';
import { v3Parts } from '../v3/parts.js';
import { remedies } from './catalogue.js';
import type { Remedy } from './remedy.js';

const remedyNamed = (name: string): Remedy => {
  const found = remedies.find((remedy) => remedy.name === name);
  if (found !== undefined) return found;
  throw errors.fail('LMP-101', {
    message: `expected one of ${remedies.map((remedy) => remedy.name).join(', ')}; found ${name}`,
    todo: 'correct the name',
  });
};

/**
 * v3 with the named remedies, which is what `--remedy NAME` makes.
 * @throws LMP-101 no such remedy
 */
export const libWith = (names: readonly string[]): LibV3 => {
  const parts = [...new Set(names)].map(remedyNamed).reduce((made, { apply }) => apply(made), v3Parts);
  return makeV3(names.length === 0 ? 'v3' : `v3+${[...new Set(names)].join('+')}`, parts);
};

/** v3 with all remedies. */
export const libFixed: LibV3 = makeV3(
  'fixed',
  remedies.reduce((made, { apply }) => apply(made), v3Parts),
);
