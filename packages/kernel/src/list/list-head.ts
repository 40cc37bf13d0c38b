// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { functionName } from '../memory/check.js';
import { KObject } from '../object.js';

/** What list_del() leaves in `next`: a walk that follows it faults. */
export const LIST_POISON1 = 'LIST_POISON1';
/** What list_del() and list_del_rcu() leave in `prev`. */
export const LIST_POISON2 = 'LIST_POISON2';

/**
 * Kernel: struct list_head, as the head of a list of `T` or as the entry embedded in one.
 * Made empty, as after INIT_LIST_HEAD(). `owner` is what container_of() gives of an entry.
 */
export class list_head<T extends KObject = KObject> extends KObject {
  next: list_head<T> | typeof LIST_POISON1;
  prev: list_head<T> | typeof LIST_POISON2;
  /** Head of the list that the entry is on; null when on none. Bookkeeping of the reports. */
  list: list_head<T> | null = null;

  constructor(
    /** What it is embedded in: for an entry of a list of `T` that is a `T`. */
    readonly owner: KObject,
  ) {
    super(owner);
    this.next = this;
    this.prev = this;
  }
}

/** The structure that the entry is embedded in. */
// An entry of a list of T is embedded in a T: what a T's constructor passes as owner says so.
export const ownerOf = <T extends KObject>(entry: list_head<T>): T => entry.owner as T;

/** The node that a link leads to; a poisoned link is an oops, as the fault it causes. */
export const follow = <T extends KObject>(
  link: list_head<T> | typeof LIST_POISON1 | typeof LIST_POISON2,
  from: list_head<T>,
): list_head<T> =>
  typeof link !== 'string'
    ? link
    : currentMachine().oops(
        'use-after-free',
        `Oops: general protection fault, probably for non-canonical address ${link} in ${functionName()}`,
        from,
      );

/** Bound on entries of a snapshot: beyond it the list is a cycle that misses its head. */
const MAX_ENTRIES = 100_000;

/** The entries now on the list, in order. For observers and checks; no step. */
export const list_entries = <T extends KObject>(head: list_head<T>): T[] => {
  const found: T[] = [];
  for (let at = head.next; typeof at !== 'string' && at !== head && found.length < MAX_ENTRIES; at = at.next) {
    found.push(ownerOf(at));
  }
  return found;
};
