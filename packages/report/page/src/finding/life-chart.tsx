// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory, StoryObject } from '@libmultipath/contract';
import { useLayoutEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import { remPx, useSize } from '../use-size.js';

interface LifeChartProps {
  readonly life: StoryObject;
  readonly story: FindingStory;
  readonly selected: number;
}

const HEIGHT_REM = 9;

/** One series for each counter, a step wherever it changes: steps of the schedule, counts. */
const seriesOf = (life: StoryObject, last: number): { data: UPlot.AlignedData; counters: string[] } => {
  const counters = [...new Set(life.references.map(({ counter }) => counter))];
  const times = [...new Set([0, ...life.references.map(({ index }) => index), last])].sort((a, b) => a - b);
  const lines = counters.map((counter) => {
    const own = life.references.filter((one) => one.counter === counter);
    const [first] = own;
    const start = first === undefined ? 0 : first.count + (first.change === 'taken' ? -1 : 1);
    return times.map((time) => own.findLast(({ index }) => index <= time)?.count ?? start);
  });
  return { data: [times, ...lines], counters };
};

/** A colour of the theme that holds now, as a canvas takes it: a variable's own text names both themes. */
const colourIn = (element: HTMLElement, name: string): string => {
  element.style.color = `var(${name})`;
  const { color } = getComputedStyle(element);
  element.style.removeProperty('color');
  return color;
};

/** How many references there are, along the schedule; the line is the chosen step. */
export const LifeChart = ({ life, story, selected }: LifeChartProps) => {
  const element = useRef<HTMLDivElement>(null);
  const now = useRef(selected);
  const chart = useRef<UPlot | undefined>(undefined);
  const { width } = useSize(element);
  const last = Math.max(1, story.events.at(-1)?.index ?? 1);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null || width === 0) return undefined;
    const { data, counters } = seriesOf(life, last);
    const rem = remPx();
    const colour = (name: string): string => colourIn(current, name);
    const font = `${String(Math.round(rem * 0.72))}px system-ui, sans-serif`;
    const [ink, line, mark] = [colour('--ink-quiet'), colour('--line'), colour('--ink')];
    const strokes = [colour('--lane-0'), colour('--lane-1'), colour('--lane-2')];
    const axis = { stroke: ink, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
    const plot = new UPlot(
      {
        width,
        height: Math.round(rem * HEIGHT_REM),
        cursor: { show: false },
        legend: { show: false },
        padding: [rem * 0.5, rem * 0.5, 0, 0],
        scales: {
          x: { time: false, range: [0, last] },
          y: { range: (_plot, min, max) => [Math.min(0, min), Math.max(2, max + 1)] },
        },
        axes: [
          { ...axis, size: rem * 1.6, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000] },
          { ...axis, size: rem * 2, incrs: [1, 2, 5, 10, 100, 1000], space: rem * 1.4 },
        ],
        series: [
          {},
          ...counters.map((label, nth) => ({
            label,
            width: 2,
            stroke: strokes[nth % strokes.length] ?? ink,
            points: { show: false },
            ...(UPlot.paths.stepped === undefined ? {} : { paths: UPlot.paths.stepped({ align: 1 }) }),
          })),
        ],
        hooks: {
          draw: [
            (plotted) => {
              const { ctx, bbox } = plotted;
              const at = plotted.valToPos(now.current, 'x', true);
              ctx.save();
              ctx.strokeStyle = mark;
              ctx.setLineDash([rem * 0.3, rem * 0.2]);
              ctx.lineWidth = 1.5;
              ctx.beginPath();
              ctx.moveTo(at, bbox.top);
              ctx.lineTo(at, bbox.top + bbox.height);
              ctx.stroke();
              ctx.restore();
            },
          ],
        },
      },
      data,
      current,
    );
    chart.current = plot;
    return () => plot.destroy();
  }, [life, last, width]);
  useLayoutEffect(() => {
    now.current = selected;
    chart.current?.redraw(false);
  }, [selected]);
  return (
    <div
      ref={element}
      class="chart"
      role="img"
      aria-label={`References to ${life.label} along the schedule; the list below says the same`}
    />
  );
};
