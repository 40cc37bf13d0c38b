// SPDX-License-Identifier: GPL-2.0-only
import {
  atomic_dec,
  atomic_inc,
  bio_endio,
  blk_mq_alloc_disk,
  currentMachine,
  del_gendisk,
  device_add_disk,
  GENHD_FL_HIDDEN,
  kfn,
  kfree,
  makeStep,
  mutex_lock,
  mutex_unlock,
  put_disk,
  REQ_OP_MASK,
  REQ_OP_WRITE,
  set_capacity,
  type bio,
  type Steps,
} from '@libmultipath/kernel';
import { data_bio, type library_path, type library_slot } from './structures.js';

/** The hardware: it carries a command out at once. */
function* transfer({ host }: library_slot, what: bio): Steps<void> {
  const { media } = host;
  const writes = (what.bi_opf & REQ_OP_MASK) === REQ_OP_WRITE;
  yield makeStep('library_hw', media, 'blocks', writes ? 'update' : 'read', { ordering: 'full' });
  if (!(what instanceof data_bio)) return;
  if (writes) media.blocks.set(what.bi_sector, what.data);
  else what.data = media.blocks.get(what.bi_sector) ?? '';
}

const queue_bio = kfn('library_queue_bio', function* (slot: library_slot, path: library_path, what: bio): Steps<void> {
  yield* atomic_inc(path.in_flight);
  yield* transfer(slot, what);
  yield* atomic_dec(path.in_flight);
  yield* bio_endio(what);
});

function* free_path(slot: library_slot, path: library_path): Steps<void> {
  slot.path = null;
  yield* del_gendisk(path.own_disk);
  yield* put_disk(path.own_disk);
  yield* kfree(path);
}

/**
 * The path's hidden disk, then the driver's `probe`. A path that is there already stays as it is.
 * Context: may sleep, no lock held.
 */
export const add_path = kfn('library_add_path', function* (slot: library_slot): Steps<void> {
  const { host } = slot;
  yield* mutex_lock(slot.lock);
  if (slot.path === null) {
    const path = host.protocol.new_path();
    const disk = yield* blk_mq_alloc_disk(slot.node);
    disk.disk_name = `${host.driverName}0c${String(slot.number)}`;
    disk.flags |= GENHD_FL_HIDDEN;
    disk.fops = { owner: host.this_module, queue_bio: (what) => queue_bio(slot, path, what) };
    disk.private_data = path;
    yield* set_capacity(disk, host.media.sectors);
    yield* device_add_disk(host.dev, disk);
    path.slot = slot;
    path.own_disk = disk;
    path.numa_node = slot.node;
    slot.path = path;
    const error = yield* host.protocol.probe(host, path);
    if (typeof error !== 'number' || error > 0) {
      currentMachine().report('driver-contract', `probe returned ${String(error)}, expected 0 or -errno`, path);
    }
    if (error !== 0) yield* free_path(slot, path);
  }
  yield* mutex_unlock(slot.lock);
});

/** The driver's `remove`, then what the path was made of. Context: may sleep, no lock held. */
export const remove_path = kfn('library_remove_path', function* (slot: library_slot): Steps<void> {
  yield* mutex_lock(slot.lock);
  const { path, host } = slot;
  if (path !== null) {
    yield* host.protocol.remove(host, path);
    yield* free_path(slot, path);
  }
  yield* mutex_unlock(slot.lock);
});

/** The driver's `set_usable`, of a path that is there. Context: may sleep, no lock held. */
export const set_path_usable = kfn('library_set_usable', function* (slot: library_slot, usable: boolean): Steps<void> {
  yield* mutex_lock(slot.lock);
  const { path, host } = slot;
  if (path !== null) yield* host.protocol.set_usable(host, path, usable);
  yield* mutex_unlock(slot.lock);
});
