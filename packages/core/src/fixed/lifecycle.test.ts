// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_open,
  bdev_release,
  bio_list_entries,
  kfn,
  kfree,
  KObject,
  kref,
  kref_put,
  load,
  module,
  mutex,
  mutex_lock,
  mutex_unlock,
  set_capacity,
  store,
  submit_bio,
  type gendisk,
  type Machine,
  type Steps,
} from '@libmultipath/kernel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runWith, seeded } from '../testing/schedules.js';
import { makePathDisk, newBio, toyOn, toyTemplate, usable, type toy_path } from '../testing/toy-driver.js';
import type { mpath_head } from '../v3/structures.js';
import { libFixed } from './make-fixed.js';

/** One life of a head: how many openers, bios and paths there are, whether its removal is delayed, and who comes back. */
const life = fc.record({
  seed: fc.integer(),
  paths: fc.integer({ min: 1, max: 3 }),
  openers: fc.integer({ min: 0, max: 3 }),
  bios: fc.integer({ min: 0, max: 3 }),
  delay: fc.constantFrom('0', '1'),
  returns: fc.integer({ min: 0, max: 2 }),
});

type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

const lib = libFixed;

/** The driver's own head: one reference for its paths, one for the disk, as NVMe counts. */
class toy_head extends KObject {
  readonly ref = new kref(this, 2);
  readonly guard = new mutex(this);
  readonly mpath_head = new lib.mpath_head(this);
  removed = false;
}

const container_of = (head: mpath_head): toy_head => {
  if (head.container instanceof toy_head) return head.container;
  throw new TypeError('a head of the toy driver was expected');
};

const put = kfn('toy_put_head', function* (toy: toy_head): Steps<void> {
  yield* kref_put(toy.ref, function* () {
    yield* lib.mpath_put_disk(toy.mpath_head);
    yield* lib.mpath_head_uninit(toy.mpath_head);
    yield* kfree(toy);
  });
});

/** Whoever finds the head without paths removes it, once. */
const remove = kfn('toy_remove_head', function* (toy: toy_head, may: () => Steps<boolean>): Steps<void> {
  yield* mutex_lock(toy.guard);
  const goes =
    !(yield* load(toy, 'removed')) && (yield* lib.mpath_head_devices_empty(toy.mpath_head)) && (yield* may());
  if (goes) yield* store(toy, 'removed', true);
  yield* mutex_unlock(toy.guard);
  if (!goes) return;
  yield* lib.mpath_remove_disk(toy.mpath_head);
  yield* put(toy);
});

function* yes(): Steps<boolean> {
  return true;
}

/** The removal protocol for one path, and the head's end with the last one. */
function* leave(path: toy_path, toy: toy_head): Steps<void> {
  const head = toy.mpath_head;
  path.disabled = true;
  yield* lib.mpath_synchronize(head);
  if (yield* lib.mpath_clear_current_path(path)) yield* lib.mpath_synchronize(head);
  yield* mutex_lock(toy.guard);
  yield* lib.mpath_delete_device(path);
  yield* mutex_unlock(toy.guard);
  yield* lib.mpath_synchronize(head);
  yield* lib.mpath_remove_sysfs_link(path);
  yield* remove(toy, () => lib.mpath_can_remove_head(head));
}

/** A path comes back, if the head is still there for it, and leaves again. */
function* comeBack(toy: toy_head, disk: gendisk): Steps<void> {
  yield* mutex_lock(toy.guard);
  const path = (yield* load(toy, 'removed')) ? null : yield* toyOn(lib).addPath(toy.mpath_head, usable, disk);
  yield* mutex_unlock(toy.guard);
  if (path === null) return;
  yield* lib.mpath_device_set_live(path);
  yield* leave(path, toy);
}

const live =
  ({ paths, openers, bios, delay, returns }: Life, mod: module, toys: toy_head[], ended: string[]) =>
  (machine: Machine): void => {
    machine.spawn('driver', function* () {
      const toy = new toy_head();
      toys.push(toy);
      const { initHead, addPath } = toyOn(lib);
      const head = yield* initHead(
        0,
        { ...toyTemplate, remove_head: (which) => remove(container_of(which), yes) },
        toy.mpath_head,
      );
      head.drv_module = mod;
      yield* lib.mpath_alloc_head_disk(head, 0);
      const { disk } = head;
      if (disk === null) throw new Error('the head has no disk');
      disk.disk_name = 'toy0';
      yield* set_capacity(disk, 2_048);
      yield* lib.mpath_delayed_removal_secs_store(head, delay);
      const made: toy_path[] = [];
      const disks: gendisk[] = [];
      for (let n = 0; n < paths; n++) {
        const path_disk = yield* makePathDisk(`path${String(n)}`);
        disks.push(path_disk);
        const path = yield* addPath(head, usable, path_disk);
        yield* lib.mpath_device_set_live(path);
        made.push(path);
      }
      for (let n = 0; n < openers; n++) {
        yield* bdev_open(disk);
        machine.spawn(`opener ${String(n)}`, function* () {
          yield* submit_bio(newBio(disk, ended, 100 + n));
          yield* bdev_release(disk);
        });
      }
      // An open disk is what a user has who submits.
      yield* bdev_open(disk);
      for (let n = 0; n < bios; n++) yield* submit_bio(newBio(disk, ended, n));
      yield* bdev_release(disk);
      for (const path of made) yield* leave(path, toy);
      for (const path_disk of disks.slice(0, returns)) yield* comeBack(toy, path_disk);
      yield* put(toy);
    });
  };

it('every reference is back, every bio has ended and nothing is reported after any life of a head on fixed', () => {
  const delayed = new Set<boolean>();
  fc.assert(
    fc.property(life, (one) => {
      const mod = new Map<'toy', module>();
      const toys: toy_head[] = [];
      const ended: string[] = [];
      const { machine, end } = runWith((made) => {
        const driver = new module('toy');
        mod.set('toy', driver);
        live(one, driver, toys, ended)(made);
      }, seeded(one.seed));
      expect(machine.reports.map(({ message }) => message)).toEqual([]);
      expect(end).toBe('finished');
      expect(ended).toHaveLength(one.bios + one.openers);
      const head = toys[0]?.mpath_head;
      expect(head?.alloc.freed).toBe(true);
      expect(head?.refcount.refs).toBe(0);
      expect(head === undefined ? [] : bio_list_entries(head.requeue_list)).toEqual([]);
      expect(mod.get('toy')?.refcnt).toBe(0);
      delayed.add(one.delay !== '0');
    }),
    { numRuns: 300 },
  );
  expect(delayed).toEqual(new Set([false, true]));
});
