// SPDX-License-Identifier: GPL-2.0-only
import type { FindingStory, StoryEvent, StoryTask, StoryWaiter } from '@libmultipath/contract';

/** A line of the schedule as a page shows it. */
export type Row =
  | {
      readonly kind: 'event';
      readonly event: StoryEvent;
      readonly lane: number;
      /** Another task ran before it. */
      readonly turn: boolean;
      /** Function that its task has entered since its step before; empty: still in the same. */
      readonly entered: boolean;
    }
  | { readonly kind: 'gap'; readonly skipped: number; readonly why: 'no-part' | 'left-out'; readonly after: number }
  | { readonly kind: 'wait'; readonly waiter: StoryWaiter; readonly lane: number };

export interface Trace {
  readonly lanes: readonly StoryTask[];
  readonly rows: readonly Row[];
  /** Row of each event, by index; a missing one is hidden. */
  readonly rowOf: ReadonlyMap<number, number>;
}

/** The tasks of a story; without detail nothing is known of them but the name. */
const lanesOf = ({ detail, events, waiters }: FindingStory): StoryTask[] => {
  const names = new Set([...events, ...waiters].map(({ task }) => task));
  const known = (detail?.tasks ?? []).filter(({ name }) => names.has(name));
  const told = new Set(known.map(({ name }) => name));
  return [
    ...known,
    ...[...names].filter((name) => !told.has(name)).map((name) => ({ name, kind: 'user' as const, cpu: 0 })),
  ];
};

/**
 * A task without a step that is shown has no lane.
 * @param slice only the steps that have a part in the finding
 */
export const traceOf = (story: FindingStory, slice: boolean): Trace => {
  const part = new Set(
    [...story.events.filter(({ matters }) => !slice || matters), ...story.waiters].map(({ task }) => task),
  );
  const lanes = lanesOf(story).filter(({ name }) => part.has(name));
  const numbers = new Map(lanes.map(({ name }, lane) => [name, lane]));
  const rows: Row[] = [];
  const rowOf = new Map<number, number>();
  const inside = new Map<string, string>();
  let running: string | undefined;
  let next = 0;
  let hidden = 0;
  const close = (): void => {
    if (hidden > 0) rows.push({ kind: 'gap', skipped: hidden, why: 'no-part', after: next - 1 });
    hidden = 0;
  };
  for (const event of story.events) {
    const { index, task, stack, matters } = event;
    if (index > next) {
      close();
      rows.push({ kind: 'gap', skipped: index - next, why: 'left-out', after: next - 1 });
    }
    next = index + 1;
    if (slice && !matters) {
      hidden++;
      continue;
    }
    close();
    const path = stack.join('\n');
    rowOf.set(index, rows.length);
    rows.push({
      kind: 'event',
      event,
      lane: numbers.get(task) ?? 0,
      turn: running !== task,
      entered: inside.get(task) !== path,
    });
    inside.set(task, path);
    running = task;
  }
  close();
  for (const waiter of story.waiters) rows.push({ kind: 'wait', waiter, lane: numbers.get(waiter.task) ?? 0 });
  return { lanes, rows, rowOf };
};

/** Row of the event, or of the nearest one before it that is shown; else the first. */
export const rowNear = ({ rows, rowOf }: Trace, index: number): number => {
  const exact = rowOf.get(index);
  if (exact !== undefined) return exact;
  const after = rows.findIndex((row) => row.kind === 'event' && row.event.index > index);
  const until = after === -1 ? rows.length : after;
  for (let at = until - 1; at >= 0; at--) if (rows[at]?.kind === 'event') return at;
  return Math.max(
    0,
    rows.findIndex(({ kind }) => kind === 'event'),
  );
};

/** What is searched for a row, in lower case. */
export const searchText = (row: Row): string => {
  switch (row.kind) {
    case 'event': {
      const { index, task, stack, op, object, target, state } = row.event;
      return `#${String(index)} ${task} ${stack.join(' ')} ${op} ${object} ${target} ${state}`.toLowerCase();
    }
    case 'wait':
      return `${row.waiter.task} ${row.waiter.stack.join(' ')} ${row.waiter.site} ${row.waiter.object}`.toLowerCase();
    case 'gap':
      return '';
  }
};
