// SPDX-License-Identifier: GPL-2.0-only
import { MPATH_STATE_OPTIMIZED, type mpath_head } from '@libmultipath/core';
import { kfn, load, mutex_lock, mutex_unlock, READ_ONCE, store, WRITE_ONCE, type Steps } from '@libmultipath/kernel';
import { defineLibraryDriver, type LibraryDriverDefinition } from '../library-driver/define-library-driver.js';
import { get_head, put_head, remove_head_if_empty } from '../library-driver/head.js';
import { library_path, type library_host } from '../library-driver/structures.js';
import type { PathTemplate } from '../template/template-types.js';

const LIVE = 0;
const BLOCKED = 1;
const GONE = 2;

export class example_path extends library_path {
  state = LIVE;
}

/** Parts of the removal protocol that a driver may forget. */
export type Forgotten = 'disable' | 'first-grace' | 'clear' | 'second-grace' | 'last-grace' | 'put';

export interface ExampleOptions {
  readonly template?: Readonly<Record<string, unknown>>;
  readonly forgets?: readonly Forgotten[];
  readonly noKick?: boolean;
  readonly more?: Partial<LibraryDriverDefinition<example_path>>;
}

export const exampleTemplate: PathTemplate<example_path> = {
  *available_path(path) {
    return (yield* READ_ONCE(path, 'state')) !== GONE;
  },
  *is_disabled(path) {
    return (yield* READ_ONCE(path, 'state')) !== LIVE;
  },
  *is_optimized(path) {
    if ((yield* READ_ONCE(path, 'state')) !== LIVE) return false;
    return (yield* load(path, 'access_state')) === MPATH_STATE_OPTIMIZED;
  },
  *remove_head(head) {
    yield* remove_head_if_empty(head, true);
  },
};

const probe = kfn('example_probe', function* (host: library_host, path: example_path): Steps<number> {
  yield* mutex_lock(host.lock);
  const head = yield* get_head(host);
  if (typeof head !== 'number') {
    yield* store(path, 'access_state', MPATH_STATE_OPTIMIZED);
    yield* host.lib.mpath_add_device(path, head, path.own_disk, path.numa_node, path.in_flight);
  }
  yield* mutex_unlock(host.lock);
  if (typeof head === 'number') return head;
  yield* host.lib.mpath_device_set_live(path);
  return 0;
});

const removing = (forgets: readonly Forgotten[]) =>
  kfn('example_remove', function* ({ lib, lock }: library_host, path: example_path): Steps<void> {
    const does = (part: Forgotten): boolean => !forgets.includes(part);
    const head: mpath_head | null = yield* load(path, 'mpath_head');
    if (head === null) return;
    if (does('disable')) yield* WRITE_ONCE(path, 'state', GONE);
    if (does('first-grace')) yield* lib.mpath_synchronize(head);
    if (does('clear') && (yield* lib.mpath_clear_current_path(path)) && does('second-grace')) {
      yield* lib.mpath_synchronize(head);
    }
    yield* mutex_lock(lock);
    yield* lib.mpath_delete_device(path);
    yield* mutex_unlock(lock);
    if (does('last-grace')) yield* lib.mpath_synchronize(head);
    yield* lib.mpath_remove_sysfs_link(path);
    yield* remove_head_if_empty(head, false);
    if (does('put')) yield* put_head(head);
  });

/** A library driver that is right, but for what is asked of it. */
export const exampleDriver = ({ template = {}, forgets = [], noKick = false, more = {} }: ExampleOptions = {}) =>
  defineLibraryDriver({
    name: 'example',
    title: 'An example',
    path: example_path,
    revisions: { v3: () => ({ ...exampleTemplate, ...template }) },
    probe,
    remove: removing(forgets),
    set_usable: kfn('example_set_usable', function* ({ lib }, path, usable) {
      yield* WRITE_ONCE(path, 'state', usable ? LIVE : BLOCKED);
      const head = yield* load(path, 'mpath_head');
      if (!usable || noKick || head === null) return;
      yield* lib.mpath_synchronize(head);
      yield* lib.mpath_schedule_requeue_work(head);
    }),
    scenarios: new URL('./scenarios/', import.meta.url),
    ...more,
  });
