// SPDX-License-Identifier: GPL-2.0-only
import type { TraceRecord } from './record.js';

/*
 * What the steps write into the trace, so that a trace explains itself: which device number
 * belonged to which controller from when on, and where a step began and ended.
 */

export type Mark =
  | { readonly kind: 'begin' | 'end'; readonly step: string; readonly subject: string }
  | { readonly kind: 'device'; readonly number: string; readonly label: string }
  | { readonly kind: 'gone'; readonly number: string; readonly label: string };

const EVENT = 'tracing_mark_write';
const PREFIX = 'mpath';

export const formatMark = (mark: Mark): string =>
  'step' in mark
    ? `${PREFIX} ${mark.kind} ${mark.step} ${mark.subject}`
    : `${PREFIX} ${mark.kind} ${mark.number} ${mark.label}`;

/** `undefined`: the record is no mark of ours. */
export const markOf = (record: TraceRecord): Mark | undefined => {
  if (record.event !== EVENT) return undefined;
  const [prefix, kind, first, second, ...rest] = record.payload.trim().split(' ');
  if (prefix !== PREFIX || first === undefined || second === undefined || rest.length > 0) return undefined;
  if (kind === 'begin' || kind === 'end') return { kind, step: first, subject: second };
  if (kind === 'device' || kind === 'gone') return { kind, number: first, label: second };
  return undefined;
};

/** Index of the last mark of that kind, step and subject; -1: there is none. */
export const lastMark = (
  records: readonly TraceRecord[],
  kind: 'begin' | 'end',
  step: string,
  subject: string,
): number =>
  records.findLastIndex((record) => {
    const mark = markOf(record);
    return mark?.kind === kind && mark.step === step && mark.subject === subject;
  });
