// SPDX-License-Identifier: GPL-2.0-only
import { markOf } from './marks.js';
import { remapOf, type Remap } from './remap.js';
import type { TraceRecord } from './record.js';

/** A remap with the label of the controller that it went to; `undefined`: to no path of ours. */
export interface LabelledRemap extends Remap {
  readonly label: string | undefined;
  /** Index of its record in the trace. */
  readonly index: number;
}

interface Change {
  readonly index: number;
  /** `undefined` from here on: the number belongs to nobody. */
  readonly label: string | undefined;
}

/**
 * Gives each remap its controller. Numbers are recycled, and a bio that was waiting for a
 * path travels before the attaching step can say which number the path has. So a remap
 * belongs to the label that its number has at that place in the trace, and where it has
 * none there, to the one that it is given next.
 */
export const labelRemaps = (records: readonly TraceRecord[]): readonly LabelledRemap[] => {
  const changes = new Map<string, Change[]>();
  for (const [index, record] of records.entries()) {
    const mark = markOf(record);
    if (mark?.kind !== 'device' && mark?.kind !== 'gone') continue;
    const list = changes.get(mark.number) ?? [];
    list.push({ index, label: mark.kind === 'device' ? mark.label : undefined });
    changes.set(mark.number, list);
  }
  const labelAt = (number: string, index: number): string | undefined => {
    const list = changes.get(number) ?? [];
    return (
      list.findLast((change) => change.index < index)?.label ??
      list.find((change) => change.index > index && change.label !== undefined)?.label
    );
  };
  return records.flatMap((record, index) => {
    const remap = remapOf(record);
    return remap === undefined ? [] : [{ ...remap, label: labelAt(remap.to, index), index }];
  });
};
