// SPDX-License-Identifier: GPL-2.0-only
import { Calls } from '../calls.js';
import { current } from '../current.js';
import type { Report } from '../report.js';
import { overlaps, siteLabel, siteOf, writes, type Step, type Steps, type Touch } from '../step.js';

/** A step that was taken, and by whom. */
export interface TakenStep {
  readonly task: string;
  readonly step: Step;
  /** Call stack at the step, innermost first; absent: the function of its site. */
  readonly stack?: readonly string[];
}

/** Two accesses that nothing orders. */
export interface DataRace {
  readonly report: Report;
  /** Why the kernel lives with it; undefined: it does not, the report is a finding. */
  readonly tolerated: string | undefined;
}

/** Accesses that C code makes itself, unmarked. What else has no ordering takes a lock of its own inside. */
const PLAIN_ACCESSES = new Set([
  'load',
  'store',
  'list_add',
  'list_add_tail',
  'list_del',
  'list_del_init',
  'list_is_singular',
  'list_first_entry_or_null',
  'list_next_or_null',
  'INIT_LIST_HEAD',
]);

const marked = new WeakSet<Step>();

/**
 * Marks the plain accesses of `body` as racing on purpose: a data race of them is a note.
 * Kernel: data_race().
 *
 * @example
 * const hint = yield* data_race(load(head, 'nr_active'));
 */
export function* data_race<T>(body: Steps<T>): Steps<T> {
  const task = current();
  let result: T | undefined;
  const calls = new Calls(
    (function* (): Steps<void> {
      result = yield* body;
    })(),
  );
  for (;;) {
    const step = calls.advance(task);
    // A body that returned has set it.
    if (step === undefined) return result as T;
    marked.add(step);
    yield step;
  }
}

const isPlain = (step: Step): boolean => step.ordering === 'plain' && PLAIN_ACCESSES.has(step.op);

const touchesOf = (step: Step): readonly Touch[] => [step, ...(step.also ?? [])];

/** What each of the two does where they meet, if one writes there. */
const clashOf = (a: Step, b: Step): readonly [Touch, Touch] | undefined => {
  for (const one of touchesOf(a)) {
    for (const other of touchesOf(b)) {
      const meets = one.object === other.object && overlaps(one.field, other.field);
      if (meets && (writes(one.access) || writes(other.access))) return [one, other];
    }
  }
  return undefined;
};

const toleranceOf = (first: Step, second: Step, plainWrite: boolean): string | undefined => {
  if (marked.has(first) || marked.has(second)) return 'marked with data_race()';
  return plainWrite ? undefined : 'a plain read beside a marked write';
};

/**
 * What KCSAN says of two steps of different tasks that nothing orders: class `data-race`. Whether
 * something orders them is for the caller to know.
 * @returns undefined when they do not meet in a field, neither writes it, or both are marked accesses
 */
export const dataRace = (first: TakenStep, second: TakenStep): DataRace | undefined => {
  const clash = clashOf(first.step, second.step);
  if (clash === undefined) return undefined;
  const plain = [isPlain(first.step), isPlain(second.step)];
  if (!plain.includes(true)) return undefined;
  const plainWrite = clash.some((touch, i) => plain[i] === true && writes(touch.access));
  // As KCSAN does: in the order of the functions' names, then of their sites, so that one race has one line.
  const placeOf = ({ step, task }: TakenStep): string => [step.fn, siteLabel(step), task].join('\n');
  const [a, b] = placeOf(first) <= placeOf(second) ? [first, second] : [second, first];
  return {
    report: {
      class: 'data-race',
      message: `BUG: KCSAN: data-race in ${a.step.fn} / ${b.step.fn}`,
      object: clash[0].object.label,
      task: a.task,
      site: siteOf(a.step),
      stack: a.stack ?? [a.step.fn],
      others: [a, b].map(({ task, step, stack }) => ({
        role: `${writes(step.access) ? 'write' : 'read'}${isPlain(step) ? '' : ' (marked)'} by ${task} at ${siteLabel(step)}`,
        // The first one's site is the report's.
        where: { task, stack: stack ?? [step.fn], ...(step === a.step ? {} : { site: siteOf(step) }) },
      })),
    },
    tolerated: toleranceOf(first.step, second.step, plainWrite),
  };
};
