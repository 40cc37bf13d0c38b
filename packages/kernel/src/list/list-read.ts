// SPDX-License-Identifier: GPL-2.0-only
import { current, currentMachine } from '../current.js';
import { checkLive } from '../memory/check.js';
import type { KObject } from '../object.js';
import { operation, type Operation, type Primitive } from '../operation.js';
import { ACQUIRE, ONCE, PLAIN, StepTraits, type Steps } from '../step.js';
import { follow, LIST_POISON2, ownerOf, type list_head } from './list-head.js';

/** Reads one `next` link. */
const nextOf = (step: Operation<list_head, unknown, unknown>, node: list_head): list_head => {
  checkLive(node);
  const next = follow(node.next, node);
  step.value = next;
  return next;
};

/** Linked, but on no list as an entry, and not unlinked: the head of another list. */
const isForeignHead = (node: list_head): boolean =>
  node.list === null && node.prev !== LIST_POISON2 && node.next !== node;

/** The entry after `node`, or null at the end; a walk that can never meet its head is a report. */
const advance = (step: Operation<list_head, list_head, KObject | null>, node: list_head): KObject | null => {
  const next = nextOf(step, node);
  const head = step.argument;
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
};

type Walk = Primitive<list_head, list_head, KObject | null>;

const walker = (op: string, traits: StepTraits): Walk => ({ op, access: 'read', traits, effect: advance });

const FIRST = walker('list_first_entry_or_null', PLAIN);
const FIRST_RCU = walker('list_first_or_null_rcu', ACQUIRE);
const NEXT = walker('list_next_or_null', PLAIN);
const NEXT_RCU = walker('list_next_or_null_rcu', ACQUIRE);

const EMPTY: Primitive<list_head, undefined, boolean> = {
  op: 'list_empty',
  access: 'read',
  traits: ONCE,
  effect: (step, head) => nextOf(step, head) === head,
};

const walk = <T extends KObject>(walked: Walk, head: list_head<T>, from: list_head<T>): Steps<T | null> =>
  // What is on a list of T is embedded in a T.
  operation(walked, from, 'next', head) as Steps<T | null>;

/** Kernel: list_empty(). */
export const list_empty = (head: list_head): Steps<boolean> => operation(EMPTY, head, 'next', undefined);

const SINGULAR: Primitive<list_head, undefined, boolean> = {
  op: 'list_is_singular',
  access: 'read',
  traits: PLAIN,
  before: (step, head) => {
    step.traits = new StepTraits({ also: [{ object: head, field: 'list', access: 'read' }] });
  },
  effect: (step, head) => {
    checkLive(head);
    const singular = head.next !== head && head.next === head.prev;
    step.value = singular;
    return singular;
  },
};

/** Kernel: list_is_singular(): exactly one entry. */
export const list_is_singular = (head: list_head): Steps<boolean> => operation(SINGULAR, head, 'next', undefined);

/** Kernel: list_first_entry_or_null(). @returns the container of the first entry */
export const list_first_entry_or_null = <T extends KObject>(head: list_head<T>): Steps<T | null> =>
  walk(FIRST, head, head);

/** Kernel: list_first_or_null_rcu(). @returns the container of the first entry */
export const list_first_or_null_rcu = <T extends KObject>(head: list_head<T>): Steps<T | null> =>
  walk(FIRST_RCU, head, head);

/** Next container after the one that `entry` is embedded in; null at the end of the list. */
export const list_next_or_null = <T extends KObject>(head: list_head<T>, entry: list_head<T>): Steps<T | null> =>
  walk(NEXT, head, entry);

/** Kernel: list_next_or_null_rcu(). */
export const list_next_or_null_rcu = <T extends KObject>(head: list_head<T>, entry: list_head<T>): Steps<T | null> =>
  walk(NEXT_RCU, head, entry);
