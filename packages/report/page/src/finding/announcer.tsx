// SPDX-License-Identifier: GPL-2.0-only
import type { StoryEvent } from '@libmultipath/contract';

interface AnnouncerProps {
  readonly event: StoryEvent | undefined;
  readonly position: number;
  readonly total: number;
}

/** `mpath_head#1.refs` of a step; an object alone where the whole memory is meant. */
export const placeOf = ({ target, object }: StoryEvent): string => {
  const field = target.slice(target.indexOf('.') + 1);
  return field === '*' ? object : `${object}.${field}`;
};

/** Says the step for whoever does not see it. */
export const Announcer = ({ event, position, total }: AnnouncerProps) => (
  <div class="for-readers" role="status" aria-live="polite">
    {event === undefined
      ? ''
      : `Step ${String(position + 1)} of ${String(total)}, ${event.task}, ${event.stack.at(-1) ?? 'no kernel function'}, ${event.op} ${placeOf(event)} ${event.state}`}
  </div>
);
