// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory, StoryEvent, StoryWaiter } from '@libmultipath/contract';
import type { Paint, Palette } from '../palette.js';
import { printable } from '../printable.js';
import { clip, fit, fitWithState, pad, type Marks } from './clip.js';
import { accessText, enteredSince, gapText, stateText, turnsOf, waitText } from './event-text.js';

export interface ScheduleStyle {
  readonly columns: number;
  readonly colours: Palette;
  readonly marks: Marks;
}

/** Below it a column would hold hardly a name: tasks stand one below the other. */
const COLUMN_MIN = 26;
const INDENT = 2;
/** Deeper calls are not indented further when there is little room. */
const indentOf = (depth: number, room: number): number => Math.min(depth * INDENT, Math.max(0, Math.floor(room / 3)));

/** One line of one task's column. */
interface Line {
  /** Left of it: number of the step, mark of a site. */
  readonly gutter: string;
  readonly text: string;
  readonly paint: Paint;
}

/** What the lines of a task's steps need to know of those before. */
class TaskText {
  private readonly stacks = new Map<string, readonly string[]>();

  constructor(
    private readonly style: ScheduleStyle,
    private readonly gutter: number,
    private readonly room: number,
  ) {}

  lines(event: StoryEvent): Line[] {
    const { colours, marks } = this.style;
    const entered = enteredSince(this.stacks.get(event.task) ?? [], event.stack);
    this.stacks.set(event.task, event.stack);
    const names = entered.map(({ fn, depth }): Line => {
      const indent = indentOf(depth, this.room);
      return {
        gutter: '',
        text: ' '.repeat(indent) + clip(`${printable(fn)}()`, this.room - indent, marks),
        paint: colours.strong,
      };
    });
    const indent = indentOf(event.stack.length, this.room);
    const state = stateText(event, marks);
    const paint = event.site === undefined ? (text: string) => text : event.site === 0 ? colours.bad : colours.odd;
    const number = `${event.site === undefined ? '' : marks.site}${String(event.index)}`.padStart(this.gutter);
    return [
      ...names,
      // What is broken off stands one further in.
      ...fitWithState(accessText(event), state, this.room - indent - 1, marks).map((text, nth): Line => {
        const lead = ' '.repeat(indent + (nth === 0 ? 0 : 1));
        return { gutter: nth === 0 ? number : '', text: lead + text, paint };
      }),
    ];
  }

  /** The step that a task never takes. */
  waiting(waiter: StoryWaiter): Line[] {
    const { colours, marks } = this.style;
    return fit(waitText(waiter), this.room - 1, marks).map((text, nth) => ({
      gutter: nth === 0 ? marks.site.padStart(this.gutter) : '',
      text: (nth === 0 ? '' : ' ') + text,
      paint: colours.bad,
    }));
  }
}

const gutterOf = ({ events }: FindingStory): number => String(Math.max(0, events.length - 1)).length + 1;

const tasksOf = ({ events, waiters }: FindingStory): string[] => [
  ...new Set([...events.filter(({ matters }) => matters), ...waiters].map(({ task }) => task)),
];

/** One column per task, time downwards. */
const sideBySide = (story: FindingStory, style: ScheduleStyle, tasks: readonly string[], room: number): string[] => {
  const { colours, marks } = style;
  const gutter = gutterOf(story);
  const text = new TaskText(style, gutter, room);
  const bar = ` ${marks.bar} `;
  const row = (task: string, { gutter: left, text: cell, paint }: Line): string => {
    const cells = tasks.map((name) => (name === task ? paint(pad(cell, room)) : ' '.repeat(room)));
    return `${pad(left, gutter)} ${cells.join(bar)}`.trimEnd();
  };
  const rule = (from: string, to: string): string => {
    const label = `${marks.rule.repeat(gutter + 1)} ${printable(from)} ${marks.arrow} ${printable(to)} `;
    const width = gutter + 1 + tasks.length * room + (tasks.length - 1) * bar.length;
    return colours.dim(clip(label, width, marks) + marks.rule.repeat(Math.max(0, width - Array.from(label).length)));
  };
  const head = `${' '.repeat(gutter)} ${tasks.map((name) => pad(clip(printable(name), room, marks), room)).join(bar)}`;
  const lines = [colours.strong(head.trimEnd())];
  let running: string | undefined;
  for (const part of turnsOf(story)) {
    if ('skipped' in part) {
      lines.push(colours.dim(clip(`${' '.repeat(gutter)} ${gapText(part, marks)}`, style.columns, marks)));
      continue;
    }
    if (running !== undefined && running !== part.task) lines.push(rule(running, part.task));
    running = part.task;
    for (const event of part.events) for (const line of text.lines(event)) lines.push(row(part.task, line));
  }
  for (const waiter of story.waiters) for (const line of text.waiting(waiter)) lines.push(row(waiter.task, line));
  return lines;
};

/** Too narrow for columns: one turn below the other, under the task's name. */
const stacked = (story: FindingStory, style: ScheduleStyle): string[] => {
  const { colours, marks, columns } = style;
  const gutter = gutterOf(story);
  const room = Math.max(4, columns - gutter - 1);
  const text = new TaskText(style, gutter, room);
  const row = ({ gutter: left, text: line, paint }: Line): string => `${pad(left, gutter)} ${paint(line)}`.trimEnd();
  const headed = (task: string, lines: readonly Line[]): string[] => [
    colours.strong(clip(`${marks.rule}${marks.rule} ${printable(task)} ${marks.rule}${marks.rule}`, columns, marks)),
    ...lines.map(row),
  ];
  return [
    ...turnsOf(story).flatMap((part) =>
      'skipped' in part
        ? fit(gapText(part, marks), columns, marks).map(colours.dim)
        : headed(
            part.task,
            part.events.flatMap((event) => text.lines(event)),
          ),
    ),
    ...story.waiters.flatMap((waiter) => headed(waiter.task, text.waiting(waiter))),
  ];
};

/** The schedule: a column per task where the width allows it. */
export const scheduleLines = (story: FindingStory, style: ScheduleStyle): string[] => {
  const tasks = tasksOf(story);
  const gutter = gutterOf(story);
  const room = Math.floor((style.columns - gutter - 1 - (tasks.length - 1) * 3) / Math.max(1, tasks.length));
  return room < COLUMN_MIN ? stacked(story, style) : sideBySide(story, style, tasks, room);
};
