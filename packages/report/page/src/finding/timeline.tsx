// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory } from '@libmultipath/contract';
import type { Ref } from 'preact';
import { useCallback, useImperativeHandle, useMemo, useRef } from 'preact/hooks';
import type { Trace } from '../../../src/page/trace-model.js';
import { remPx, useSize } from '../use-size.js';
import { useRows } from '../use-rows.js';
import { edgesByRow } from './edges.js';
import { geometryOf, topsOf } from './geometry.js';
import { LaneHead } from './lane-head.js';
import { Lanes } from './lanes.js';
import { TimelineRow } from './timeline-row.js';

export interface TimelineHandle {
  /** Brings a row on the screen. */
  readonly show: (row: number, align: 'auto' | 'center') => void;
  readonly focus: () => void;
  /** Rows that fit the screen. */
  readonly fitting: () => number;
}

interface TimelineProps {
  readonly handle: Ref<TimelineHandle>;
  readonly trace: Trace;
  readonly story: FindingStory;
  readonly sampledOf: number | undefined;
  /** That is chosen. */
  readonly row: number;
  readonly matches: readonly number[];
  readonly select: (row: number) => void;
}

const many = (count: number): string => count.toLocaleString('en-US');

/** The schedule: a lane for each task, time downwards. Only the rows near the screen are in the document. */
export const Timeline = ({ handle, trace, story, sampledOf, row, matches, select }: TimelineProps) => {
  const frame = useRef<HTMLElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const rem = remPx();
  const geometry = useMemo(() => geometryOf(width, trace.lanes.length, rem), [width, trace, rem]);
  const tops = useMemo(() => topsOf(trace.rows, geometry), [trace, geometry]);
  const heightOf = useCallback((at: number) => (tops[at + 1] ?? 0) - (tops[at] ?? 0), [tops]);
  const rows = useRows(scroller, heightOf, trace.rows.length);
  const edges = useMemo(() => edgesByRow(story, trace), [story, trace]);
  const found = useMemo(() => new Set(matches), [matches]);
  useImperativeHandle(handle, () => ({
    show: rows.show,
    focus: () => scroller.current?.focus({ preventScroll: true }),
    fitting: () => rows.fitting,
  }));
  const shown = trace.rows.slice(rows.from, rows.to);
  const inDocument = row >= rows.from && row < rows.to;
  return (
    <section class={`timeline ${geometry.compact ? 'compact' : ''}`} ref={frame} aria-label="Schedule">
      {sampledOf === undefined ? null : (
        <p class="notice" role="note">
          The run has {many(sampledOf)} steps. The page holds {many(story.events.length)} of them: the sites, the end,
          and a sample of the rest; the state at each is exact.
        </p>
      )}
      <LaneHead lanes={trace.lanes} geometry={geometry} />
      <div
        ref={scroller}
        class="timeline-rows scrolls"
        role="listbox"
        tabIndex={0}
        aria-label="Steps in order"
        aria-activedescendant={inDocument ? `row-${String(row)}` : undefined}
      >
        <div class="timeline-inside" role="presentation" style={{ height: `${String(tops.at(-1) ?? 0)}px` }}>
          <Lanes trace={trace} geometry={geometry} tops={tops} from={rows.from} to={rows.to} edges={edges} row={row} />
          {shown.map((one, nth) => (
            <TimelineRow
              key={rows.from + nth}
              row={one}
              at={rows.from + nth}
              topPx={tops[rows.from + nth] ?? 0}
              of={trace.rows.length}
              geometry={geometry}
              chosen={rows.from + nth === row}
              found={found.has(rows.from + nth)}
              dimmed={one.kind === 'event' && !one.event.matters}
              select={select}
            />
          ))}
        </div>
      </div>
    </section>
  );
};
