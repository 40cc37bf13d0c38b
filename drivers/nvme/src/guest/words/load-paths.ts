// SPDX-License-Identifier: GPL-2.0-only
import type { Json } from '@libmultipath/driver-kit';
import { SECTORS_PER_BLOCK } from '../reads.js';
import { loadRecordOf } from '../loads.js';
import { labelRemaps } from '../trace/devices.js';
import { lastMark, markOf } from '../trace/marks.js';
import type { TraceRecord } from '../trace/record.js';
import { sentRecords } from '../trace/sent-records.js';
import type { NvmeGuestWorld } from '../world.js';

export interface LoadSpan {
  readonly label: string;
  readonly blocks: number;
}

/**
 * Controllers that carried writes of the load before the first detach began, and after the
 * last one had ended. In between, either may. Pure.
 */
export const loadPaths = (
  records: readonly TraceRecord[],
  { label, blocks }: LoadSpan,
): { before: string[]; after: string[] } => {
  const start = lastMark(records, 'begin', 'load', label);
  const end = lastMark(records, 'end', 'load', label);
  const stop = end > start ? end : records.length;
  const within = (index: number): boolean => index > start && index < stop;
  const detaches = records.flatMap((record, index) => {
    const mark = within(index) ? markOf(record) : undefined;
    return mark !== undefined && 'step' in mark && mark.step === 'detach' ? [{ index, kind: mark.kind }] : [];
  });
  const first = detaches.find(({ kind }) => kind === 'begin')?.index ?? stop;
  const last = detaches.findLast(({ kind }) => kind === 'end')?.index ?? stop;
  const writes = labelRemaps(records).filter(
    ({ index, isWrite, sector }) => within(index) && isWrite && sector < blocks * SECTORS_PER_BLOCK,
  );
  const used = (from: number, to: number): string[] =>
    [
      ...new Set(writes.filter(({ index }) => index > from && index < to).map((remap) => remap.label ?? remap.to)),
    ].sort();
  return { before: used(start, first), after: used(last, stop) };
};

/** See {@link loadPaths}. */
export const guestLoadPaths = async (world: NvmeGuestWorld, label: string): Promise<Json> => ({
  ...loadPaths(await sentRecords(world), { label, blocks: loadRecordOf(world, label).blocks }),
});
