// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import type { KObject } from '../object.js';
import type { StepOptions, Steps } from '../step.js';
import { follow, LIST_POISON2, ownerOf, type list_head } from './list-head.js';

const PLAIN: StepOptions = {};
const ONCE: StepOptions = { ordering: 'once' };
const ACQUIRE: StepOptions = { ordering: 'acquire' };

/** Reads one `next` link. */
function* nextOf<T extends KObject>(op: string, node: list_head<T>, options: StepOptions): Steps<list_head<T>> {
  const step = makeStep(op, node, 'next', 'read', options);
  yield step;
  checkLive(node);
  const next = follow(node.next, node);
  step.value = next;
  return next;
}

/** Linked, but on no list as an entry, and not unlinked: the head of another list. */
const isForeignHead = (node: list_head): boolean =>
  node.list === null && node.prev !== LIST_POISON2 && node.next !== node;

/** The entry after `node`, or null at the end; a walk that can never meet its head is a report. */
function* advance<T extends KObject>(
  op: string,
  head: list_head<T>,
  node: list_head<T>,
  options: StepOptions,
): Steps<T | null> {
  const next = yield* nextOf(op, node, options);
  if (next === head) return null;
  if (next === node || isForeignHead(next)) {
    const { cpu } = current();
    currentMachine().oops(
      'livelock',
      `watchdog: BUG: soft lockup - CPU#${String(cpu)} stuck: the walk left the list of ${head.label}`,
      node,
    );
  }
  return ownerOf(next);
}

/** Kernel: list_empty(). */
export function* list_empty(head: list_head): Steps<boolean> {
  return (yield* nextOf('list_empty', head, ONCE)) === head;
}

/** Kernel: list_is_singular(): exactly one entry. */
export function* list_is_singular(head: list_head): Steps<boolean> {
  const step = makeStep('list_is_singular', head, 'next', 'read', {
    also: [{ object: head, field: 'list', access: 'read' }],
  });
  yield step;
  checkLive(head);
  const singular = head.next !== head && head.next === head.prev;
  step.value = singular;
  return singular;
}

/** Kernel: list_first_entry_or_null(). @returns the container of the first entry */
export const list_first_entry_or_null = <T extends KObject>(head: list_head<T>): Steps<T | null> =>
  advance('list_first_entry_or_null', head, head, PLAIN);

/** Kernel: list_first_or_null_rcu(). @returns the container of the first entry */
export const list_first_or_null_rcu = <T extends KObject>(head: list_head<T>): Steps<T | null> =>
  advance('list_first_or_null_rcu', head, head, ACQUIRE);

/** Next container after the one that `entry` is embedded in; null at the end of the list. */
export const list_next_or_null = <T extends KObject>(head: list_head<T>, entry: list_head<T>): Steps<T | null> =>
  advance('list_next_or_null', head, entry, PLAIN);

/** Kernel: list_next_or_null_rcu(). */
export const list_next_or_null_rcu = <T extends KObject>(head: list_head<T>, entry: list_head<T>): Steps<T | null> =>
  advance('list_next_or_null_rcu', head, entry, ACQUIRE);
