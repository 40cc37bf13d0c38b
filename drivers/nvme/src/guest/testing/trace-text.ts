// SPDX-License-Identifier: GPL-2.0-only
import { parseTrace } from '@libmultipath/driver-kit';
import { formatMark, type Mark } from '../trace/marks.js';
import type { TraceRecord } from '../trace/record.js';

/** Event and payload, as a trace line shows them. */
export interface Line {
  readonly event: string;
  readonly payload: string;
  readonly pid?: number;
}

export const mark = (value: Mark): Line => ({ event: 'tracing_mark_write', payload: formatMark(value) });
export const begin = (step: string, subject: string): Line => mark({ kind: 'begin', step, subject });
export const end = (step: string, subject: string): Line => mark({ kind: 'end', step, subject });
export const device = (number: string, label: string): Line => mark({ kind: 'device', number, label });
export const gone = (number: string, label: string): Line => mark({ kind: 'gone', number, label });
export const hit = (event: string, symbol: string): Line => ({ event, payload: `(${symbol}+0x0/0x1a0)` });

/** A bio of 4 KiB from the head, 259:9, to a path. */
export const remap = (to: string, sector: number, rwbs = 'RS'): Line => ({
  event: 'block_bio_remap',
  payload: `${to.replace(':', ',')} ${rwbs} ${sector} + 8 <- (259,9) ${sector}`,
});

/** The text of a `trace` file with these lines, a microsecond apart. */
export const traceText = (lines: readonly Line[], written = lines.length): string =>
  [
    '# tracer: nop',
    '#',
    `# entries-in-buffer/entries-written: ${lines.length}/${written}   #P:2`,
    '#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION',
    ...lines.map(
      ({ event, payload, pid = 77 }, index) =>
        `            init-${pid}     [00${index % 2}] d..1.   ${(100 + index / 1e6).toFixed(6)}: ${event}: ${payload}`,
    ),
    '',
  ].join('\n');

/** The records as the guest's trace would give them. */
export const recordsOf = (lines: readonly Line[]): readonly TraceRecord[] => parseTrace(traceText(lines)).events;
