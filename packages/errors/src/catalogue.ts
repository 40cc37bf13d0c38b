// SPDX-License-Identifier: GPL-2.0-only
import { LmpError, type LmpCode, type LmpErrorFields } from './lmp-error.js';

export interface ErrorEntry {
  /** One line: what happened. */
  readonly title: string;
  /** What it means, why it can happen, what to do; `mpath explain` prints it. */
  readonly explain: string;
  /** Exit code of a command that ends with it (design: 2 usage or environment, 3 kernel fault, 70 ours). */
  readonly exit: 2 | 3 | 70;
  /** The kernel cannot do what is asked at all (no such driver, switched off): a row is `unsupported`, not `error`. */
  readonly unsupported?: true;
}

export type ErrorCatalogue = Readonly<Record<LmpCode, ErrorEntry>>;

/**
 * Declares a package's numbers. The result makes errors, so a number that is not
 * declared cannot be thrown.
 */
export const defineErrors = <C extends LmpCode>(
  entries: Readonly<Record<C, ErrorEntry>>,
): {
  readonly catalogue: Readonly<Record<C, ErrorEntry>>;
  readonly fail: (code: C, fields: LmpErrorFields) => LmpError;
} => ({
  catalogue: entries,
  fail: (code, fields) => new LmpError(code, fields),
});
