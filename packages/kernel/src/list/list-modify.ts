// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import type { KObject } from '../object.js';
import { nothing, type Ordering, type Steps, type Touch } from '../step.js';
import { follow, LIST_POISON1, LIST_POISON2, type list_head } from './list-head.js';

/*
 * A change of a list touches the links it writes, so that a reader elsewhere on the list
 * commutes with it, and the list as a whole, so that two changes never do.
 */
const linksOf = (list: list_head | null, nodes: readonly (list_head | string)[]): Touch[] => {
  const touches: Touch[] = list === null ? [] : [{ object: list, field: 'list', access: 'update' }];
  for (const node of nodes) {
    if (typeof node !== 'string') touches.push({ object: node, field: 'next', access: 'write' });
  }
  return touches;
};

function* insert(
  op: string,
  entry: list_head,
  ordering: Ordering,
  list: list_head,
  before: () => list_head,
): Steps<void> {
  const at = (): list_head => (list.prev === LIST_POISON2 ? list : before());
  const step = makeStep(op, entry, 'next', 'write', { ordering, also: () => linksOf(list, [at()]) });
  yield step;
  checkLive(entry);
  const prev = before();
  checkLive(prev);
  const next = follow(prev.next, prev);
  checkLive(next);
  if (entry.list !== null) {
    currentMachine().report(
      'double-add',
      `list_add double add: new=${entry.label}, prev=${prev.label}, next=${next.label}.`,
      entry,
    );
    return;
  }
  entry.next = next;
  entry.prev = prev;
  prev.next = entry;
  next.prev = entry;
  entry.list = list;
}

const last = (head: list_head): list_head => follow(head.prev, head);

/** Kernel: list_add_tail(). Serialise with other changes of the list. */
export const list_add_tail = <T extends KObject>(entry: list_head<T>, head: list_head<T>): Steps<void> =>
  insert('list_add_tail', entry, 'plain', head, () => last(head));

/** Kernel: list_add_tail_rcu(). Readers may walk the list meanwhile. */
export const list_add_tail_rcu = <T extends KObject>(entry: list_head<T>, head: list_head<T>): Steps<void> =>
  insert('list_add_tail_rcu', entry, 'release', head, () => last(head));

/** Kernel: list_add(): after `prev`, which is the head or an entry. */
export const list_add = <T extends KObject>(entry: list_head<T>, prev: list_head<T>): Steps<void> =>
  insert('list_add', entry, 'plain', prev.list ?? prev, () => prev);

/** Kernel: list_add_rcu(): after `prev`, which is the head or an entry. */
export const list_add_rcu = <T extends KObject>(entry: list_head<T>, prev: list_head<T>): Steps<void> =>
  insert('list_add_rcu', entry, 'release', prev.list ?? prev, () => prev);

/** Unlinks; false (after a report) when the entry is on no list. */
function* unlink(op: string, entry: list_head, ordering: Ordering): Steps<boolean> {
  const step = makeStep(op, entry, 'prev', 'write', {
    ordering,
    tells: nothing,
    also: () => linksOf(entry.list, op === 'list_del_rcu' ? [entry.prev] : [entry.prev, entry]),
  });
  yield step;
  checkLive(entry);
  const { prev, next } = entry;
  if (typeof prev === 'string' || typeof next === 'string') {
    const link = typeof next === 'string' ? `next is ${next}` : `prev is ${LIST_POISON2}`;
    currentMachine().report('double-add', `list_del corruption, ${entry.label}->${link}`, entry);
    return false;
  }
  checkLive(prev);
  checkLive(next);
  prev.next = next;
  next.prev = prev;
  entry.list = null;
  return true;
}

/** Kernel: list_del(). Poisons both links. */
export function* list_del(entry: list_head): Steps<void> {
  if (!(yield* unlink('list_del', entry, 'plain'))) return;
  entry.next = LIST_POISON1;
  entry.prev = LIST_POISON2;
}

/** Kernel: list_del_rcu(). The entry keeps its `next`: a reader that stands on it goes on. */
export function* list_del_rcu(entry: list_head): Steps<void> {
  if (yield* unlink('list_del_rcu', entry, 'release')) entry.prev = LIST_POISON2;
}

/** Kernel: list_del_init(). The entry is empty afterwards. On an empty one it does nothing. */
export function* list_del_init(entry: list_head): Steps<void> {
  if (!(yield* unlink('list_del_init', entry, 'plain'))) return;
  entry.next = entry;
  entry.prev = entry;
}

/** Kernel: INIT_LIST_HEAD(). */
export function* INIT_LIST_HEAD(entry: list_head): Steps<void> {
  yield makeStep('INIT_LIST_HEAD', entry, 'next', 'write');
  checkLive(entry);
  entry.next = entry;
  entry.prev = entry;
  entry.list = null;
}
