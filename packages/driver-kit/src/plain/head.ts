// SPDX-License-Identifier: GPL-2.0-only
import {
  kfn,
  kfree,
  kref_get,
  kref_get_unless_zero,
  kref_put,
  kzalloc,
  load,
  mutex_lock,
  mutex_unlock,
  E,
  store,
  type Steps,
} from '@libmultipath/kernel';
import { handle_of, plain_head, type plain_core } from './structures.js';

/** Text of the driver's module, whoever calls it. */
const plain_free_head = kfn('plain_free_head', (head: plain_head): Steps<void> => kfree(head));

const plain_end_head = kfn('plain_end_head', (head: plain_head): Steps<void> =>
  head.core.lib.free_head(head, () => plain_free_head(head)),
);

/** The last put frees the head. Context: may sleep. */
export const plain_put_head = kfn('plain_put_head', function* (head: plain_head): Steps<void> {
  yield* kref_put(head.ref, () => plain_end_head(head));
});

const plain_alloc_head = kfn('plain_alloc_head', function* (core: plain_core): Steps<plain_head | number> {
  const head = yield* kzalloc(() => new plain_head(core), { mayFail: 'declared', kind: 'plain_head' });
  if (head === null) return -E.ENOMEM;
  const error = yield* core.lib.alloc_head(head);
  if (error !== 0) {
    yield* kfree(head);
    return error;
  }
  // The disk holds one, which the removal drops.
  if (handle_of(head).disk() !== null) yield* kref_get(head.ref);
  return head;
});

/**
 * The head that a path joins: the present one, or a new one. Context: `plain_core.lock` held.
 * References: the path's.
 * @returns the head or -errno
 */
export function* plain_find_head(core: plain_core): Steps<plain_head | number> {
  const found = yield* load(core, 'head');
  if (found !== null && (yield* kref_get_unless_zero(found.ref))) return found;
  const made = yield* plain_alloc_head(core);
  if (typeof made !== 'number') yield* store(core, 'head', made);
  return made;
}

/** Unlinks the head, so that a path that comes makes a new one. Context: `plain_core.lock` held. */
export function* unlink_head(head: plain_head): Steps<void> {
  if ((yield* load(head.core, 'head')) === head) yield* store(head.core, 'head', null);
}

function* yes(): Steps<boolean> {
  return true;
}

/** Who finds the head without paths removes it, once. `may`: the library decides whether now. */
const remove = kfn('plain_remove_head', function* (head: plain_head, may: () => Steps<boolean>): Steps<void> {
  const { core } = head;
  const { lib } = core;
  yield* mutex_lock(core.lock);
  const goes = !(yield* load(head, 'removed')) && (yield* lib.devices_empty(head)) && (yield* may());
  if (goes) {
    yield* store(head, 'removed', true);
    yield* unlink_head(head);
  }
  yield* mutex_unlock(core.lock);
  if (!goes) return;
  yield* lib.remove_disk(head);
  yield* plain_put_head(head);
});

/** The last path went. Context: may sleep, no lock held. */
export const plain_remove_disk = (head: plain_head): Steps<void> =>
  handle_of(head).disk() === null ? nothing() : remove(head, () => head.core.lib.can_remove_head(head));

/** Callback `remove_head`: the time is over. Context: `mpath-wq`. */
export const plain_remove_head = (head: plain_head): Steps<void> => remove(head, yes);

function* nothing(): Steps<void> {}
