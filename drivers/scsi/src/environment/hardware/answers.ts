// SPDX-License-Identifier: GPL-2.0-only
import type { Completion } from '../completion-table.js';
import { SAM_STAT_CHECK_CONDITION, SAM_STAT_GOOD } from '../status-codes.js';

export const GOOD: Completion = { status: SAM_STAT_GOOD };

/** CHECK CONDITION with this sense. */
export const CHECK = (key: number, asc: number, ascq: number): Completion => ({
  status: SAM_STAT_CHECK_CONDITION,
  sense: [key, asc, ascq],
});
