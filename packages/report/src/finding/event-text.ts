// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory, StoryEvent, StoryWaiter } from '@libmultipath/contract';
import { printable } from '../printable.js';
import type { Marks } from './clip.js';

/** Field of a step that touches the whole memory: a free. */
const WHOLE = '*';

/** `kfree thing#1`, `load thing#1.value`. */
export const accessText = ({ op, target, object }: StoryEvent): string => {
  const field = target.slice(target.indexOf('.') + 1);
  return printable(`${op} ${field === WHOLE ? object : `${object}.${field}`}`);
};

/** What the step did to the state, in the marks of the output. */
export const stateText = ({ state }: StoryEvent, { arrow }: Marks): string => printable(state).replaceAll('→', arrow);

/** Part of a schedule without a context switch. */
export interface Turn {
  readonly task: string;
  readonly events: readonly StoryEvent[];
}

/** Steps that are not told, between two that are. */
export interface Gap {
  readonly skipped: number;
  readonly tasks: readonly string[];
  /** They are all that came before everything was at rest. */
  readonly rest: boolean;
}

/**
 * The schedule as turns; steps that the finding does not need are counted only, as a hang
 * is shown by a whole run.
 */
export const turnsOf = ({ events, rest }: FindingStory): (Turn | Gap)[] => {
  const parts: ({ task: string; events: StoryEvent[] } | { skipped: number; tasks: string[]; rest: boolean })[] = [];
  if (rest > 0) parts.push({ skipped: rest, tasks: [], rest: true });
  for (const event of events.slice(rest)) {
    const last = parts.at(-1);
    if (!event.matters) {
      if (last !== undefined && 'skipped' in last && !last.rest) {
        last.skipped++;
        if (!last.tasks.includes(event.task)) last.tasks.push(event.task);
      } else parts.push({ skipped: 1, tasks: [event.task], rest: false });
    } else if (last !== undefined && 'events' in last && last.task === event.task) last.events.push(event);
    else parts.push({ task: event.task, events: [event] });
  }
  return parts;
};

export const gapText = ({ skipped, tasks, rest }: Gap, { skipped: mark }: Marks): string => {
  const steps = `${mark} ${String(skipped)} step${skipped === 1 ? '' : 's'}`;
  return rest
    ? `${steps}, after which everything was at rest`
    : `${steps} of ${tasks.map(printable).join(', ')} with no part in it`;
};

/** What a task stands before when the run has ended: `waits for ever: mutex_lock gendisk#1.mutex`. */
export const waitText = ({ site, object, waitsFor }: StoryWaiter): string => {
  const op = /^.*?: (\S+)/.exec(site)?.[1] ?? site;
  const whom = waitsFor.length === 0 ? '' : ` of ${waitsFor.join(', ')}`;
  return printable(`waits for ever: ${op} ${object}${whom}`);
};

/** Functions that a step's task has entered since its last told step: name and depth. */
export const enteredSince = (before: readonly string[], now: readonly string[]): { fn: string; depth: number }[] => {
  const first = now.findIndex((fn, depth) => before[depth] !== fn);
  const common = first === -1 ? now.length : first;
  return now.slice(common).map((fn, nth) => ({ fn, depth: common + nth }));
};
