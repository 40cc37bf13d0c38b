// SPDX-License-Identifier: GPL-2.0-only
import type { Report } from '@libmultipath/kernel';
import type { ContractRule } from './rules.js';

/** A rule that a driver breaks. */
export interface ContractFinding {
  readonly rule: ContractRule;
  /** Callback or function of the driver that breaks it. */
  readonly callback: string;
  /** What was seen, and what was expected. */
  readonly message: string;
  /** Name of the model. */
  readonly revision: string;
}

export type Found = Omit<ContractFinding, 'revision'>;

const CALLBACK = /mpath_head_template\.(\w+)/;

/** What the kernel reported while one thing was asked at a time. */
export const foundOf = (reports: readonly Report[], doing: string): Found[] =>
  reports.map(({ class: kind, message, stack }) => {
    const named = CALLBACK.exec(message)?.[1];
    return {
      rule: kind === 'driver-contract' && named !== undefined ? 'answer-type' : 'clean-run',
      callback: named ?? stack[0] ?? doing,
      message: `${message} (${doing})`,
    };
  });
