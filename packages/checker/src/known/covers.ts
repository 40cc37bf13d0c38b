// SPDX-License-Identifier: GPL-2.0-only
import type { ReportClass } from '@libmultipath/kernel';
import { unnumberedTask } from '../finding/identity.js';
import type { Places } from '../finding/places.js';

/**
 * Uses of freed memory that are one defect. Where a function works on for long with what another one may free, each of
 * its steps, and each step of what it calls, can be the first that comes too late: dozens of findings of one cause.
 */
export interface Covers {
  /** Kind of the allocation, without what is embedded: `gendisk`. */
  readonly object: string;
  /** A kernel function that is under way at the use, or a work's or timer's task without its number. */
  readonly during: string;
  /** A kernel function that is under way at the free. */
  readonly freedBy: string;
}

/** What of a finding tells whether it is one of them. */
export interface Use extends Places {
  readonly class: ReportClass;
  readonly object: string;
}

/** Is it one of these uses? */
export const isCovered = ({ object, during, freedBy }: Covers, use: Use): boolean =>
  use.class === 'use-after-free' &&
  use.object.split('.')[0] === object &&
  use.used.some((name) => unnumberedTask(name) === during) &&
  use.freed.includes(freedBy);
