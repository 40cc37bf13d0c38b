// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory, StoryEvent } from '@libmultipath/contract';
import { printable } from '../printable.js';
import { asciiMarks, clip, fit, fitWithState, pad } from './clip.js';
import { accessText, gapText, stateText, turnsOf, waitText } from './event-text.js';
import { sizeText } from './finding-lines.js';
import { splatLines } from './splat.js';

const COLUMNS = 72;
const NUMBER = 4;
const TASK_MAX = 14;
const FUNCTION_MAX = 22;
/** A shell takes it back together; a mail program does not break it. */
const TOKEN_LINE = 68;

const widest = (names: readonly string[], most: number): number =>
  Math.min(most, Math.max(4, ...names.map((name) => Array.from(name).length)));

/** One character for one: the lines have their width already. */
const ascii = (text: string): string =>
  text
    .replaceAll('→', '>')
    .replaceAll('…', '.')
    .replaceAll(/[^\n\x20-\x7e]/gu, '?');

/** Text at most 72 columns wide, indentation kept. */
const filled = (line: string): string[] => {
  const [indent] = /^ */.exec(line) ?? [''];
  const lines = fit(line, COLUMNS - indent.length, asciiMarks).map((text) => indent + text);
  return lines.length === 0 ? [''] : lines;
};

/** The schedule as a table: step, task, kernel function, access and what it did. */
const table = (story: FindingStory): string[] => {
  const told = story.events.filter(({ matters }) => matters);
  const functionOf = ({ stack }: StoryEvent): string => printable(stack.at(-1) ?? '');
  const tasks = [...told, ...story.waiters].map((one) => printable(one.task));
  const task = widest(tasks, TASK_MAX);
  const fn = widest(
    [...told.map(functionOf), ...story.waiters.map(({ stack }) => printable(stack[0] ?? ''))],
    FUNCTION_MAX,
  );
  const room = COLUMNS - NUMBER - task - fn - 6;
  const row = (number: string, name: string, where: string, text: string): string =>
    `${number.padStart(NUMBER)}  ${pad(clip(name, task, asciiMarks), task)}  ${pad(clip(where, fn, asciiMarks), fn)}  ${text}`.trimEnd();
  const lines = [
    row('#', 'task', 'function', 'access'),
    row('---', '-'.repeat(task), '-'.repeat(fn), '-'.repeat(room)),
  ];
  for (const part of turnsOf(story)) {
    if ('skipped' in part) {
      lines.push(
        ...fit(gapText(part, asciiMarks), COLUMNS - NUMBER - 2, asciiMarks).map(
          (text) => `${' '.repeat(NUMBER + 2)}${text}`,
        ),
      );
      continue;
    }
    let first = true;
    for (const event of part.events) {
      const texts = fitWithState(accessText(event), stateText(event, asciiMarks), room, asciiMarks);
      const number = `${event.site === undefined ? '' : asciiMarks.site}${String(event.index)}`;
      for (const [nth, text] of texts.entries()) {
        // The task's name stands where its turn begins: what follows a name ran without a switch.
        lines.push(
          row(
            nth === 0 ? number : '',
            nth === 0 && first ? printable(event.task) : '',
            nth === 0 ? functionOf(event) : '',
            text,
          ),
        );
      }
      first = false;
    }
  }
  for (const waiter of story.waiters) {
    for (const [nth, text] of fit(waitText(waiter), room, asciiMarks).entries()) {
      lines.push(
        row(
          nth === 0 ? asciiMarks.site : '',
          nth === 0 ? printable(waiter.task) : '',
          nth === 0 ? printable(waiter.stack[0] ?? '') : '',
          text,
        ),
      );
    }
  }
  return lines;
};

const tokenLines = (token: string): string[] => {
  const lines: string[] = [];
  for (let at = 0; at < token.length; at += TOKEN_LINE) lines.push(`  ${token.slice(at, at + TOKEN_LINE)}`);
  return lines;
};

const subjectOf = ({ finding, revision }: FindingStory): string =>
  `[BUG${revision === '' ? '' : ` ${revision}`}] ${finding.class}${finding.functions[0] === undefined ? '' : ` in ${finding.functions[0]}()`}`;

/** A finding as a plain text mail for a list: 72 columns, ASCII, nothing that needs this program to be read. */
export const findingMail = (story: FindingStory): string => {
  const { finding, bound, program, revision } = story;
  const sites =
    finding.sites.length > 1 && story.waiters.length === 0
      ? 'The two sites, marked > in the table:'
      : finding.sites.length > 1
        ? 'The sites:'
        : 'The site:';
  const lines = [
    // One line: what is broken off a header would begin the text.
    clip(`Subject: ${printable(subjectOf(story))}`, COLUMNS, asciiMarks),
    '',
    ...splatLines(story),
    '',
    ...filled(
      `The smallest schedule that shows it has ${sizeText(finding)}. Time runs downwards; a name in the second column is a context switch.`,
    ),
    '',
    ...table(story),
    '',
    ...(finding.sites.length === 0 ? [] : [sites, ...finding.sites.map((site) => `  ${printable(site)}`), '']),
    ...filled(
      `Found in an executable model of the code${revision === '' ? '' : ` (revision ${printable(revision)})`}, program "${printable(program)}", by a search of its schedules: ${printable(bound)}. No kernel and no hardware is needed to see it again, Node.js is:`,
    ),
    '',
    "  mpath replay '",
    ...tokenLines(finding.replay),
    "  '",
    '',
    `Finding ${finding.id}`,
  ];
  return `${lines
    .flatMap((line) =>
      /^[=-]+$/.test(line) || line.startsWith('  mpath1') ? [line] : line.length > COLUMNS ? filled(line) : [line],
    )
    .map(ascii)
    .join('\n')}\n`;
};
