// SPDX-License-Identifier: GPL-2.0-only
import { bdev_open, submit_bio, type Steps } from '@libmultipath/kernel';
import { expect, it } from 'vitest';
import { runWith, seeded } from '../testing/schedules.js';
import { makePathDisk, newBio, usable } from '../testing/toy-driver.js';
import { libV1 } from './make-v1.js';
import { addPath, makeOnePathHead, makeToy, type Toy } from './testing/toy-driver.js';

const messages = (body: (toy: Toy) => Steps<unknown>, make: () => Steps<Toy> = makeOnePathHead): string[] => {
  const { machine } = runWith((started) => {
    started.spawn('test', function* () {
      yield* body(yield* make());
    });
  }, seeded(1));
  return machine.reports.map(({ message }) => message);
};

it('a disk that lost its owner is reported by whoever comes through it', () => {
  const lost = ['BUG: kernel NULL pointer dereference: gendisk.private_data'];
  expect(
    messages(({ gendisk }) => {
      gendisk.private_data = null;
      return submit_bio(newBio(gendisk, []));
    }),
  ).toEqual(lost);
  expect(
    messages(({ gendisk }) => {
      gendisk.private_data = null;
      return bdev_open(gendisk);
    }),
  ).toEqual(lost);
});

it('an mpath_disk without a head is reported by whoever looks for one', () => {
  expect(
    messages(({ disk }) => {
      disk.mpath_head = null;
      return libV1.mpath_unregister_disk(disk);
    }),
  ).toEqual(['BUG: kernel NULL pointer dereference: mpath_disk.mpath_head']);
});

it('an mpath_disk without a disk is reported by set_live', () => {
  const reports = messages(function* ({ head, disk }) {
    const dev = yield* addPath(head, usable, yield* makePathDisk('path0'));
    disk.disk = null;
    yield* libV1.mpath_device_set_live(disk, dev);
  }, makeToy);
  expect(reports).toEqual(['BUG: kernel NULL pointer dereference: mpath_disk.disk']);
});
