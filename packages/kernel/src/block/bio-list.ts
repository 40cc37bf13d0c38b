// SPDX-License-Identifier: GPL-2.0-only
import { currentMachine } from '../current.js';
import { makeStep } from '../kfn.js';
import { checkLive } from '../memory/check.js';
import { KObject } from '../object.js';
import type { Steps } from '../step.js';
import type { bio } from './bio.js';

/** Kernel: struct bio_list: bios linked through `bi_next`. Its user's lock protects it. */
export class bio_list extends KObject {
  head: bio | null = null;
  tail: bio | null = null;
}

const onList = (list: bio_list, b: bio): boolean => {
  for (let at = list.head; at !== null; at = at.bi_next) if (at === b) return true;
  return false;
};

/** Kernel: bio_list_add(). A bio that is on the list already is reported (the kernel's list would be a cycle). */
export function* bio_list_add(list: bio_list, b: bio): Steps<void> {
  const step = makeStep('bio_list_add', list, 'head', 'write', {
    also: [{ object: b, field: 'bi_next', access: 'write' }],
  });
  yield step;
  checkLive(list);
  checkLive(b);
  if (onList(list, b)) {
    currentMachine().report('double-add', `bio_list_add: ${b.label} is on the list already`, b);
    return;
  }
  b.bi_next = null;
  if (list.tail === null) list.head = b;
  else list.tail.bi_next = b;
  list.tail = b;
  step.value = b;
}

/** Kernel: bio_list_empty(). */
export function* bio_list_empty(list: bio_list): Steps<boolean> {
  const step = makeStep('bio_list_empty', list, 'head', 'read');
  yield step;
  checkLive(list);
  step.value = list.head === null;
  return list.head === null;
}

/** Kernel: bio_list_pop(). */
export function* bio_list_pop(list: bio_list): Steps<bio | null> {
  const step = makeStep('bio_list_pop', list, 'head', 'write');
  yield step;
  checkLive(list);
  const first = list.head;
  if (first !== null) {
    list.head = first.bi_next;
    if (list.head === null) list.tail = null;
    first.bi_next = null;
  }
  step.value = first;
  return first;
}

/** Kernel: bio_list_get(): takes all; the rest follows from the first through `bi_next`. */
export function* bio_list_get(list: bio_list): Steps<bio | null> {
  const step = makeStep('bio_list_get', list, 'head', 'write');
  yield step;
  checkLive(list);
  const first = list.head;
  list.head = null;
  list.tail = null;
  step.value = first;
  return first;
}

/** The bios now on the list, in order. For observers and checks; no step. */
export const bio_list_entries = (list: bio_list): bio[] => {
  const found: bio[] = [];
  for (let at = list.head; at !== null && !found.includes(at); at = at.bi_next) found.push(at);
  return found;
};
