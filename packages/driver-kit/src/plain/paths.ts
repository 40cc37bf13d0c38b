// SPDX-License-Identifier: GPL-2.0-only
import { MPATH_STATE_OPTIMIZED, type mpath_access_state } from '@libmultipath/core';
import {
  blk_mq_alloc_disk,
  clear_bit,
  del_gendisk,
  device_add_disk,
  GENHD_FL_HIDDEN,
  kfn,
  kfree,
  kref_get_unless_zero,
  kref_put,
  kzalloc,
  load,
  mutex_lock,
  mutex_unlock,
  put_disk,
  set_bit,
  set_capacity,
  store,
  type gendisk,
  type Steps,
} from '@libmultipath/kernel';
import { path_fops } from './hardware.js';
import { plain_find_head, plain_put_head, plain_remove_disk, unlink_head } from './head.js';
import {
  PLAIN_PATH_DEAD,
  PLAIN_PATH_NONOPTIMIZED,
  PLAIN_PATH_READY,
  plain_path,
  type plain_core,
  type plain_head,
  type plain_slot,
} from './structures.js';

export const slot_of = ({ slots }: plain_core, index: number): plain_slot => {
  const slot = slots[index];
  if (slot === undefined) throw new Error(`there is no slot ${String(index)}`);
  return slot;
};

const plain_free_path = kfn('plain_free_path', function* (path: plain_path): Steps<void> {
  const { head, disk } = path;
  if (disk !== null) yield* put_disk(disk);
  if (head !== null) yield* plain_put_head(head);
  yield* kfree(path);
});

export const plain_put_path = kfn('plain_put_path', function* (path: plain_path): Steps<void> {
  yield* kref_put(path.ref, () => plain_free_path(path));
});

function* join_head(path: plain_path, disk: gendisk): Steps<plain_head | number> {
  const { core } = path;
  yield* mutex_lock(core.lock);
  const head = yield* plain_find_head(core);
  if (typeof head !== 'number') {
    path.head = head;
    yield* core.lib.add_device(path, head, disk);
  }
  yield* mutex_unlock(core.lock);
  return head;
}

/** Nobody chooses the path, then nobody is inside, then it leaves the head. @returns it was the last one */
function* leave_head(path: plain_path, head: plain_head): Steps<boolean> {
  const { core } = path;
  const { lib } = core;
  yield* lib.synchronize(head);
  if (yield* lib.clear_current_path(path, head)) yield* lib.synchronize(head);
  yield* mutex_lock(core.lock);
  const last = yield* lib.delete_device(path, head);
  // A head that is told to wait can be found again.
  if (last && !(yield* lib.queue_if_no_path(head))) yield* unlink_head(head);
  yield* mutex_unlock(core.lock);
  yield* lib.synchronize(head);
  return last;
}

/** @param fails after the path has joined its head */
const plain_probe = kfn('plain_probe', function* (core: plain_core, index: number, fails: boolean): Steps<void> {
  const slot = slot_of(core, index);
  yield* mutex_lock(slot.lock);
  if ((yield* load(slot, 'path')) === null) {
    const path = yield* kzalloc(() => new plain_path(core, slot), { mayFail: 'declared', kind: 'plain_path' });
    if (path !== null && (yield* bring_up(path, fails))) yield* store(slot, 'path', path);
  }
  yield* mutex_unlock(slot.lock);
});

/** @returns false: nothing is left of it */
function* bring_up(path: plain_path, fails: boolean): Steps<boolean> {
  const { core, slot } = path;
  const disk = yield* blk_mq_alloc_disk(slot.node);
  path.disk = disk;
  disk.disk_name = `plain0p${String(slot.index)}.${String(slot.times++)}`;
  disk.flags |= GENHD_FL_HIDDEN;
  disk.fops = path_fops(path);
  yield* set_capacity(disk, yield* load(core, 'sectors'));
  const head = yield* join_head(path, disk);
  if (typeof head === 'number') {
    yield* plain_put_path(path);
    return false;
  }
  if (fails) {
    if (yield* leave_head(path, head)) yield* plain_remove_disk(head);
    yield* plain_put_path(path);
    return false;
  }
  yield* device_add_disk(null, disk);
  yield* set_bit(PLAIN_PATH_READY, path, 'flags');
  yield* core.lib.set_live(path, head);
  return true;
}

export const plain_add_path = (core: plain_core, index: number): Steps<void> => plain_probe(core, index, false);

export const plain_fail_probe = (core: plain_core, index: number): Steps<void> => plain_probe(core, index, true);

/** The whole removal protocol. Context: may sleep, no lock held. */
export const plain_remove_path = kfn('plain_remove_path', function* (core: plain_core, index: number): Steps<void> {
  const slot = slot_of(core, index);
  yield* mutex_lock(slot.lock);
  const path = yield* load(slot, 'path');
  if (path !== null) {
    yield* store(slot, 'path', null);
    yield* clear_bit(PLAIN_PATH_READY, path, 'flags');
    const { head, disk } = path;
    if (head !== null && disk !== null) {
      const last = yield* leave_head(path, head);
      yield* del_gendisk(disk);
      if (last) yield* plain_remove_disk(head);
    }
    yield* plain_put_path(path);
  }
  yield* mutex_unlock(slot.lock);
});

/** What the kernel's own reference on a bound device is: taken where the path is looked up, not held while it sleeps. */
function* with_path(
  core: plain_core,
  index: number,
  body: (path: plain_path, head: plain_head) => Steps<void>,
): Steps<void> {
  const slot = slot_of(core, index);
  yield* mutex_lock(slot.lock);
  const path = yield* load(slot, 'path');
  if (path?.head !== undefined && path.head !== null && (yield* kref_get_unless_zero(path.ref))) {
    yield* body(path, path.head);
    yield* plain_put_path(path);
  }
  yield* mutex_unlock(slot.lock);
}

export const plain_set_usable = kfn('plain_set_usable', function* (core: plain_core, index: number, usable: boolean) {
  yield* with_path(core, index, function* (path, head): Steps<void> {
    if (!usable) {
      yield* set_bit(PLAIN_PATH_DEAD, path, 'flags');
      yield* core.lib.clear_current_path(path, head);
      return;
    }
    yield* clear_bit(PLAIN_PATH_DEAD, path, 'flags');
    // Who has decided to park a bio before has parked it when the kick comes.
    yield* core.lib.synchronize(head);
    yield* core.lib.kick(head);
  });
});

/** The state is kept where the library looks for it, and asked for by bit where it asks the driver. */
export const plain_set_access = kfn(
  'plain_set_access',
  function* (core: plain_core, index: number, state: mpath_access_state): Steps<void> {
    yield* with_path(core, index, function* (path): Steps<void> {
      if (state === MPATH_STATE_OPTIMIZED) yield* clear_bit(PLAIN_PATH_NONOPTIMIZED, path, 'flags');
      else yield* set_bit(PLAIN_PATH_NONOPTIMIZED, path, 'flags');
      yield* core.lib.set_access_state(path, state);
    });
  },
);

export const plain_set_sectors = kfn('plain_set_sectors', function* (core: plain_core, sectors: number): Steps<void> {
  yield* store(core, 'sectors', sectors);
  yield* mutex_lock(core.lock);
  const head = yield* load(core, 'head');
  const held = head !== null && (yield* kref_get_unless_zero(head.ref));
  yield* mutex_unlock(core.lock);
  if (head === null || !held) return;
  for (const { index } of core.slots) {
    yield* with_path(core, index, ({ disk }) => (disk === null ? nothing() : set_capacity(disk, sectors)));
  }
  const disk = head.handle?.disk() ?? null;
  if (disk !== null) {
    yield* set_capacity(disk, sectors);
    yield* core.lib.revalidate_paths(head);
  }
  yield* plain_put_head(head);
});

function* nothing(): Steps<void> {}
