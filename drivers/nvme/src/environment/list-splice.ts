// SPDX-License-Identifier: GPL-2.0-only
import { list_entries, makeStep, type KObject, type list_head, type Steps, type Touch } from '@libmultipath/driver-kit';

type Listed<T extends KObject> = KObject & { readonly list: list_head<T> };

/** The first or last of a list, or what a removed entry has there. */
type End<T extends KObject> = list_head<T>['next'] | list_head<T>['prev'];

const linksOf = <T extends Listed<T>>(from: list_head<T>): Touch[] =>
  list_entries(from).map((entry) => ({ object: entry.list, field: 'next', access: 'write' }));

/** Puts what stood between `first` and `last` into the empty list. No step. */
const link = <T extends Listed<T>>(first: End<T>, last: End<T>, to: list_head<T>): void => {
  if (typeof first === 'string' || typeof last === 'string') return;
  to.next = first;
  first.prev = to;
  to.prev = last;
  last.next = to;
  for (let at = first; at !== to;) {
    at.list = to;
    const { next } = at;
    if (typeof next === 'string') break;
    at = next;
  }
};

/** No step. */
const empty = <T extends KObject>(list: list_head<T>): void => {
  list.next = list;
  list.prev = list;
};

/**
 * Moves every entry to another list, which is private to the caller and empty. One step: a
 * reader that stands on an entry goes on to the next, and sees the end at the new head.
 * Kernel: list_splice_init(), list_splice_init_rcu(). Serialise with other changes of the list.
 */
export function* list_splice_init<T extends Listed<T>>(from: list_head<T>, to: list_head<T>): Steps<void> {
  yield makeStep('list_splice_init', from, 'next', 'write', {
    ordering: 'full',
    also: [{ object: from, field: 'list', access: 'update' }, ...linksOf(from)],
  });
  const { next: first, prev: last } = from;
  if (first === from) return;
  link(first, last, to);
  empty(from);
}

/**
 * As {@link list_splice_init}, in two steps: until the wait is over readers go on to the old head.
 * Kernel: list_splice_init_rcu(), with a wait for those readers that there are.
 */
export function* list_splice_init_after<T extends Listed<T>>(
  from: list_head<T>,
  to: list_head<T>,
  wait: Steps<void>,
): Steps<void> {
  yield makeStep('INIT_LIST_HEAD_RCU', from, 'next', 'write', {
    ordering: 'full',
    also: [{ object: from, field: 'list', access: 'update' }],
  });
  const { next: first, prev: last } = from;
  if (first === from) return;
  const links = linksOf(from);
  empty(from);
  yield* wait;
  yield makeStep('list_splice_init_rcu', to, 'next', 'write', {
    ordering: 'full',
    also: [{ object: to, field: 'list', access: 'update' }, ...links],
  });
  link(first, last, to);
}
