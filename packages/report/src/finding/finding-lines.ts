// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory } from '@libmultipath/contract';
import { palette } from '../palette.js';
import { printable } from '../printable.js';
import { fit, unicodeMarks } from './clip.js';
import { scheduleLines } from './schedule-lines.js';
import { splatLines } from './splat.js';

/** What the list of known findings says of it. */
export interface KnownMark {
  readonly status: 'real' | 'model' | 'note';
  readonly title: string;
}

export interface FindingStyle {
  readonly columns: number;
  readonly colour: boolean;
  /** Absent: nobody has listed it. */
  readonly known?: KnownMark;
}

const counted = (count: number, what: string): string => `${String(count)} ${what}${count === 1 ? '' : 's'}`;

/** `2 context switches, 5 steps`. */
export const sizeText = ({ switches, events }: FindingStory['finding']): string =>
  `${counted(switches, 'context switch').replace(/switchs$/, 'switches')}, ${counted(events, 'step')}`;

/**
 * A finding as a person reads it: the kernel's report, one column per task, then what it is
 * called and how to see it again. The replay token alone is never broken: it has to be pasted.
 */
export const findingLines = (story: FindingStory, style: FindingStyle): string[] => {
  const colours = palette(style.colour);
  const marks = unicodeMarks;
  const { finding, bound, count, after } = story;
  const columns = Math.max(20, style.columns);
  const field = (name: string, text: string): string[] => {
    const indent = columns < 40 ? 2 : 10;
    const lines = fit(printable(text), columns - indent, marks);
    if (indent === 2) return [...(name === '' ? [] : [name]), ...lines.map((line) => `  ${line}`)];
    return lines.map((line, nth) => `${(nth === 0 ? name : '').padEnd(indent)}${line}`);
  };
  const splat = splatLines(story).flatMap((line) => {
    const [indent] = /^ */.exec(line) ?? [''];
    if (/^[=-]+$/.test(line)) return [line.slice(0, columns)];
    const lines = fit(line, columns - indent.length, marks).map((text) => indent + text);
    return lines.length === 0 ? [''] : lines;
  });
  return [
    ...splat.map((line) => (line.startsWith(' ') || line === '' ? line : colours.bad(line))),
    '',
    ...scheduleLines(story, { columns, colours, marks }),
    '',
    colours.strong(finding.id),
    ...field('class', `${finding.class}${finding.object === '' ? '' : ` of ${finding.object}`}`),
    ...field('known', style.known === undefined ? 'no' : `yes, ${style.known.status}: ${style.known.title}`),
    ...finding.sites.flatMap((site, nth) => field(nth === 0 ? 'sites' : '', site)),
    ...field('smallest', `${sizeText(finding)}, ${counted(count, 'run')} of the search showed it`),
    ...(after.length === 0 ? [] : field('after', after.join(' '))),
    ...field('bound', bound),
    ...field('program', `${story.program}${story.revision === '' ? '' : `, ${story.revision}`}`),
    colours.dim('replay with'),
    `mpath replay ${finding.replay}`,
  ];
};
