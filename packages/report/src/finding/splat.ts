// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory, StoryWaiter } from '@libmultipath/contract';
import { printable } from '../printable.js';

const stackLines = (stack: readonly string[], nobody: string): string[] =>
  stack.length === 0 ? [` ${nobody}`] : stack.map((fn) => ` ${printable(fn)}`);

/** Outside any kernel function a step belongs to the program of the test. */
const NO_FUNCTION = '(no kernel function)';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const placeLines = ({ places }: FindingStory): string[] =>
  places.flatMap(({ role, task, stack }) => [
    '',
    `${capital(printable(role))} task ${printable(task)}:`,
    ...stackLines(stack, NO_FUNCTION),
  ]);

const traceLines = (task: string, stack: readonly string[]): string[] => [
  `Call Trace (${printable(task)}):`,
  ...stackLines(stack, NO_FUNCTION),
];

/** The kernel frames its reports: KASAN and lockdep with a line, warnings with scissors, the others not at all. */
const LINE = '='.repeat(66);

const memoryReport = (story: FindingStory): string[] => [
  LINE,
  `BUG: ${printable(story.finding.message)}`,
  ...(story.access === undefined
    ? [`in ${printable(story.object)} by task ${printable(story.task)}`]
    : [
        `${story.access.kind} of ${printable(story.access.target)} in ${printable(story.object)} by task ${printable(story.task)}`,
      ]),
  '',
  ...traceLines(story.task, story.stack),
  ...placeLines(story),
  LINE,
];

const waiterLines = ({ task, object, stack, waitsFor }: StoryWaiter): string[] => [
  `INFO: task ${printable(task)} blocked for more than 120 seconds.`,
  ` waits on ${printable(object)}${waitsFor.length === 0 ? '' : `, for ${waitsFor.map(printable).join(', ')}`}`,
  ...traceLines(task, stack),
];

const lockLines = (waiters: readonly StoryWaiter[]): string[] => {
  const holders = waiters.filter(({ holds }) => holds.length > 0);
  if (holders.length === 0) return [];
  return [
    '',
    'Showing all locks held in the system:',
    ...holders.flatMap(({ task, holds }) => [
      `${String(holds.length)} lock${holds.length === 1 ? '' : 's'} held by ${printable(task)}:`,
      ...holds.map((lock, nth) => ` #${String(nth)}: ${printable(lock)}`),
    ]),
  ];
};

const hungReport = ({ waiters }: FindingStory): string[] => [
  ...waiters.flatMap((waiter, nth) => [...(nth === 0 ? [] : ['']), ...waiterLines(waiter)]),
  ...lockLines(waiters),
];

const lockReport = (story: FindingStory): string[] => [
  LINE,
  printable(story.finding.message),
  '-'.repeat(LINE.length),
  `${printable(story.task)} asks for ${printable(story.object)}`,
  '',
  ...traceLines(story.task, story.stack),
  ...placeLines(story),
];

const oopsReport = (story: FindingStory): string[] => [
  printable(story.finding.message),
  ...traceLines(story.task, story.stack),
  ...placeLines(story),
];

const warning = (story: FindingStory): string[] => [
  '------------[ cut here ]------------',
  printable(story.finding.message),
  ...(story.object === '' ? [] : [`object ${printable(story.object)}`]),
  ...(story.task === '' ? [] : traceLines(story.task, story.stack)),
  ...placeLines(story),
  '---[ end trace ]---',
];

/** What the kernel would have printed, in its words and its frame. */
export const splatLines = (story: FindingStory): string[] => {
  if (story.waiters.length > 0) return hungReport(story);
  const { class: what, message } = story.finding;
  if (/^(KASAN|UBSAN): /.test(message)) return memoryReport(story);
  if (what === 'lock-order' || what === 'deadlock') return lockReport(story);
  return /^(BUG|Oops|watchdog): /.test(message) ? oopsReport(story) : warning(story);
};
