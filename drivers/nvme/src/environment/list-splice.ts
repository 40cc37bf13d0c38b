// SPDX-License-Identifier: GPL-2.0-only
import { list_entries, makeStep, type KObject, type list_head, type Steps, type Touch } from '@libmultipath/driver-kit';

/**
 * Moves every entry to another list, which is private to the caller and empty. One step: a
 * reader that stands on an entry goes on to the next, and sees the end at the new head.
 * Kernel: list_splice_init(), list_splice_init_rcu(). Serialise with other changes of the list.
 */
export function* list_splice_init<T extends KObject & { readonly list: list_head<T> }>(
  from: list_head<T>,
  to: list_head<T>,
): Steps<void> {
  const links: Touch[] = list_entries(from).map((entry) => ({ object: entry.list, field: 'next', access: 'write' }));
  yield makeStep('list_splice_init', from, 'next', 'write', {
    ordering: 'full',
    also: [{ object: from, field: 'list', access: 'update' }, ...links],
  });
  const { next: first, prev: last } = from;
  if (typeof first === 'string' || typeof last === 'string' || first === from) return;
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
  from.next = from;
  from.prev = from;
}
