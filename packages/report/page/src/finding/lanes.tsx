// SPDX-License-Identifier: GPL-2.0-only
import { useMemo } from 'preact/hooks';
import type { Row, Trace } from '../../../src/page/trace-model.js';
import { edgesOn, type EdgesByRow, type RowEdge } from './edges.js';
import { laneColour, laneX, type Geometry } from './geometry.js';

interface LanesProps {
  readonly trace: Trace;
  readonly geometry: Geometry;
  readonly tops: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly edges: EdgesByRow;
  readonly row: number;
}

interface Span {
  first: number;
  last: number;
}

const laneIn = (row: Row | undefined): number | undefined =>
  row === undefined || row.kind === 'gap' ? undefined : row.lane;

/** First and last row of each lane. */
const spansOf = ({ rows, lanes }: Trace): readonly (Span | undefined)[] => {
  const spans: (Span | undefined)[] = lanes.map(() => undefined);
  for (const [at, row] of rows.entries()) {
    const lane = laneIn(row);
    if (lane === undefined) continue;
    const span = spans[lane];
    if (span === undefined) spans[lane] = { first: at, last: at };
    else span.last = at;
  }
  return spans;
};

/** A curve that leaves its row downwards and arrives at the other from above. */
const pathOf = (x1: number, y1: number, x2: number, y2: number): string => {
  const bend = Math.min(Math.abs(y2 - y1) / 2, 40);
  return `M${String(x1)} ${String(y1)}C${String(x1)} ${String(y1 + bend)} ${String(x2)} ${String(y2 - bend)} ${String(x2)} ${String(y2)}`;
};

/** Lanes, steps and arrows of the rows near the screen, as one drawing behind the text. */
export const Lanes = ({ trace, geometry, tops, from, to, edges, row }: LanesProps) => {
  const { rowPx, textPx, remPx } = geometry;
  const spans = useMemo(() => spansOf(trace), [trace]);
  const above = tops[from] ?? 0;
  const height = Math.max(0, (tops[to] ?? 0) - above);
  const y = (at: number): number => ((tops[at] ?? 0) + (tops[at + 1] ?? 0)) / 2 - above;
  const dot = Math.min(remPx * 0.32, geometry.lanePx * 0.3);
  const arrow = ({ from: first, to: second }: RowEdge) => {
    const [a, b] = [laneIn(trace.rows[first]), laneIn(trace.rows[second])];
    if (a === undefined || b === undefined) return null;
    const near = first === row || second === row;
    return (
      <path
        key={`${String(first)}-${String(second)}`}
        class={near ? 'arrow near' : 'arrow'}
        d={pathOf(laneX(geometry, a), y(first) + dot, laneX(geometry, b), y(second) - dot - 1)}
        marker-end={near ? 'url(#head-near)' : 'url(#head)'}
      />
    );
  };
  const arrows = edgesOn(edges, from, to);
  const own = (edge: RowEdge): boolean => edge.from === row || edge.to === row;
  return (
    <svg
      class="lanes"
      width={textPx}
      height={height}
      style={{ transform: `translateY(${String(above)}px)` }}
      aria-hidden="true"
    >
      <defs>
        {['head', 'head-near'].map((id) => (
          <marker key={id} id={id} viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" orient="auto">
            <path class={id} d="M0 0L6 3L0 6z" />
          </marker>
        ))}
      </defs>
      {spans.map((span, lane) =>
        span === undefined ? null : (
          <line
            key={lane}
            class="lane"
            x1={laneX(geometry, lane)}
            x2={laneX(geometry, lane)}
            y1={Math.max(-rowPx, y(span.first))}
            y2={Math.min(height + rowPx, y(span.last))}
            style={{ stroke: laneColour(lane) }}
          />
        ),
      )}
      {trace.rows.slice(from, to).map((one, nth) => {
        const at = from + nth;
        const [lane, before] = [laneIn(one), laneIn(trace.rows[at - 1])];
        return lane === undefined || lane !== before ? null : (
          <line
            key={at}
            class="lane-runs"
            x1={laneX(geometry, lane)}
            x2={laneX(geometry, lane)}
            y1={y(at - 1)}
            y2={y(at)}
            style={{ stroke: laneColour(lane) }}
          />
        );
      })}
      {arrows.filter((edge) => !own(edge)).map(arrow)}
      {trace.rows.slice(from, to).map((one, nth) => {
        const lane = laneIn(one);
        return lane === undefined ? null : (
          <Mark
            key={from + nth}
            row={one}
            x={laneX(geometry, lane)}
            y={y(from + nth)}
            size={dot}
            lane={lane}
            chosen={from + nth === row}
          />
        );
      })}
      {arrows.filter(own).map(arrow)}
    </svg>
  );
};

interface MarkProps {
  readonly row: Row;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly lane: number;
  readonly chosen: boolean;
}

/** A step is a dot, a site a diamond, a wait for ever two bars. */
const Mark = ({ row, x, y, size, lane, chosen }: MarkProps) => {
  if (row.kind === 'wait') {
    const [bar, high] = [size * 0.55, size * 2.2];
    return (
      <g class="mark-wait">
        <rect x={x - bar * 1.7} y={y - high / 2} width={bar} height={high} />
        <rect x={x + bar * 0.7} y={y - high / 2} width={bar} height={high} />
      </g>
    );
  }
  const site = row.kind === 'event' ? row.event.site : undefined;
  if (site !== undefined) {
    const side = size * 2.1;
    return (
      <rect
        class={site === 0 ? 'mark-site bad' : 'mark-site odd'}
        x={x - side / 2}
        y={y - side / 2}
        width={side}
        height={side}
        transform={`rotate(45 ${String(x)} ${String(y)})`}
      />
    );
  }
  return (
    <>
      {chosen ? <circle class="mark-chosen" cx={x} cy={y} r={size * 1.9} /> : null}
      <circle class="mark" cx={x} cy={y} r={size} style={{ fill: laneColour(lane) }} />
    </>
  );
};
