// SPDX-License-Identifier: GPL-2.0-only
import { makeStep, type Steps } from '@libmultipath/kernel';
import type { multipath } from './multipath.js';

/*
 * The target's state is kept in one place: its fields change together, under `m->lock`. A critical section
 * that does nothing but change them is one step; nobody could tell it from three.
 */

const sections = new WeakMap<multipath, { readonly ordering: 'full'; readonly enabled: () => boolean }>();

const free = (m: multipath): { readonly ordering: 'full'; readonly enabled: () => boolean } => {
  const known = sections.get(m);
  if (known !== undefined) return known;
  const made = { ordering: 'full', enabled: () => !m.locked } as const;
  sections.set(m, made);
  return made;
};

/** Runs the body, which yields nothing, as one critical section of `m->lock`. */
export function* locked<T>(op: string, m: multipath, body: () => T): Steps<T> {
  yield makeStep(op, m, 'state', 'update', free(m));
  return body();
}

/** The same; where the body says true, the lock is kept until `then` has run. Context of `then`: atomic. */
export function* lockedThen(op: string, m: multipath, body: () => boolean, then: () => Steps<void>): Steps<void> {
  yield makeStep(op, m, 'state', 'update', free(m));
  if (!body()) return;
  m.locked = true;
  yield* then();
  yield makeStep('unlock', m, 'state', 'update', { ordering: 'full' });
  m.locked = false;
}
