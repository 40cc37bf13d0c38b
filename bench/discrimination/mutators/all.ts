// SPDX-License-Identifier: GPL-2.0-only
import { arithmetic } from './arithmetic.js';
import { comparison, condition } from './conditions.js';
import { constant, tableEntry } from './constants.js';
import type { Mutator } from './mutator.js';
import { exchange, removal } from './statements.js';

/** Every way in which a mutant is made. */
export const mutators: readonly Mutator[] = [
  comparison,
  condition,
  constant,
  tableEntry,
  arithmetic,
  removal,
  exchange,
];
