// SPDX-License-Identifier: GPL-2.0-only
import { bdev_open, submit_bio, type gendisk, type Steps } from '@libmultipath/kernel';
import { expect, it } from 'vitest';
import { runWith, seeded } from '../testing/schedules.js';
import { newBio, runAlone } from '../testing/toy-driver.js';
import { libV2 } from './make-v2.js';
import { makeHead, makeOnePathHead } from './testing/toy-driver.js';

const messages = (body: (disk: gendisk) => Steps<unknown>): string[] => {
  const { machine } = runWith((started) => {
    started.spawn('test', function* () {
      const { disk } = yield* makeOnePathHead();
      yield* body(disk);
    });
  }, seeded(1));
  return machine.reports.map(({ message }) => message);
};

it('a disk that lost its head is reported by whoever comes through it', () => {
  const lost = ['BUG: kernel NULL pointer dereference: gendisk.private_data'];
  expect(
    messages((disk) => {
      disk.private_data = null;
      return submit_bio(newBio(disk, []));
    }),
  ).toEqual(lost);
  expect(
    messages((disk) => {
      disk.private_data = null;
      return bdev_open(disk);
    }),
  ).toEqual(lost);
});

it('a disk knows its head by its device only from the first set_live on', () => {
  const { value } = runAlone(function* () {
    const { disk } = yield* makeHead([]);
    return libV2.mpath_gendisk_to_head(disk);
  });
  expect(value).toBeNull();
});
