// SPDX-License-Identifier: GPL-2.0-only
import type { Row } from '../../../src/page/trace-model.js';

/** Where things are in the schedule, in CSS pixels. */
export interface Geometry {
  /** Too narrow for a step on one line. */
  readonly compact: boolean;
  readonly rowPx: number;
  /** Height of a line that says only how many steps are not shown. */
  readonly gapPx: number;
  /** Width of the numbers left of the lanes. */
  readonly gutterPx: number;
  readonly lanePx: number;
  /** Where the text begins. */
  readonly textPx: number;
  /** The lanes are wide enough for the names of their tasks. */
  readonly named: boolean;
  readonly remPx: number;
}

const COMPACT_REM = 46;
/** Part of the width that lanes may take at most. */
const LANES_PART = 0.36;
const LANE_MIN_REM = 1;
const LANE_MAX_REM = 6.5;
const NAMED_REM = 5;

export const geometryOf = (width: number, lanes: number, rem: number): Geometry => {
  const compact = width < COMPACT_REM * rem;
  const gutterPx = Math.round((compact ? 2.6 : 3.4) * rem);
  const room = (width * LANES_PART) / Math.max(1, lanes);
  const lanePx = Math.round(Math.min((compact ? 2 : LANE_MAX_REM) * rem, Math.max(LANE_MIN_REM * rem, room)));
  return {
    compact,
    rowPx: Math.round((compact ? 2.9 : 1.9) * rem),
    gapPx: Math.round(1.35 * rem),
    gutterPx,
    lanePx,
    textPx: Math.round(gutterPx + lanes * lanePx + rem * 0.75),
    named: lanePx >= NAMED_REM * rem,
    remPx: rem,
  };
};

/** Where each row begins, and at the end where the last one ends. */
export const topsOf = (rows: readonly Row[], { rowPx, gapPx }: Geometry): Float64Array => {
  const tops = new Float64Array(rows.length + 1);
  for (const [at, { kind }] of rows.entries()) tops[at + 1] = (tops[at] ?? 0) + (kind === 'gap' ? gapPx : rowPx);
  return tops;
};

/** Middle of a lane. */
export const laneX = ({ gutterPx, lanePx }: Geometry, lane: number): number => gutterPx + (lane + 0.5) * lanePx;

/** Colours that lanes take turns in; their place and number tell them apart too. */
export const LANE_COLOURS = 8;
export const laneColour = (lane: number): string => `var(--lane-${String(lane % LANE_COLOURS)})`;
