// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory } from '@libmultipath/contract';
import type { Trace } from '../../../src/page/trace-model.js';

/** An arrow between two rows that are shown. */
export interface RowEdge {
  readonly from: number;
  readonly to: number;
}

/** Arrows by each row that they touch: the few of a screen are found at once among tens of thousands. */
export type EdgesByRow = ReadonlyMap<number, readonly RowEdge[]>;

export const edgesByRow = ({ detail }: FindingStory, { rowOf }: Trace): EdgesByRow => {
  const byRow = new Map<number, RowEdge[]>();
  const add = (row: number, edge: RowEdge): void => {
    const edges = byRow.get(row);
    if (edges === undefined) byRow.set(row, [edge]);
    else edges.push(edge);
  };
  for (const edge of detail?.edges ?? []) {
    const [from, to] = [rowOf.get(edge.from), rowOf.get(edge.to)];
    if (from === undefined || to === undefined) continue;
    const rows = { from, to };
    add(from, rows);
    add(to, rows);
  }
  return byRow;
};

/** The arrows that begin or end on these rows. */
export const edgesOn = (edges: EdgesByRow, from: number, to: number): RowEdge[] => {
  const found = new Set<RowEdge>();
  for (let row = from; row < to; row++) for (const edge of edges.get(row) ?? []) found.add(edge);
  return [...found];
};
