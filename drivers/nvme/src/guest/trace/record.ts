// SPDX-License-Identifier: GPL-2.0-only
import type { TraceEvent } from '@libmultipath/driver-kit';

/** One line of the trace buffer. */
export type TraceRecord = TraceEvent;

const TOTALS = /^# entries-in-buffer\/entries-written: (\d+)\/(\d+)/m;

/**
 * How many records a buffer has overwritten. Only its header tells: what is left begins
 * later, without a line about what was before.
 */
export const overwrittenRecords = (text: string): number => {
  const [, kept, written] = TOTALS.exec(text) ?? [];
  return kept === undefined || written === undefined ? 0 : Number(written) - Number(kept);
};
