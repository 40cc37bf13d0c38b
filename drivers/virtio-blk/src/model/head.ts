// SPDX-License-Identifier: GPL-2.0-only
import { bdev_open, errno_name, settle, type gendisk, type Steps } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import type { VirtioModelWorld } from './world.js';

/** A user looks when everything has come to rest, timers excepted. */
export const look = (): Steps<void> => settle([]);

/** Opens the multipath disk. @returns the disk or an errno name */
export function* openHead(world: VirtioModelWorld): Steps<gendisk | string> {
  yield* look();
  const disk = world.core.mpath.head_disk();
  if (disk === undefined) return 'ENOENT';
  const error = yield* bdev_open(disk);
  return error === 0 ? disk : errno_name(error);
}

/** @throws LMP-291 a setting was refused */
export const mustBeTaken = (word: string, error: number): void => {
  if (error === 0) return;
  throw errors.fail('LMP-291', {
    message: `${word}: the model refuses with ${errno_name(error)}`,
    todo: 'attach a disk before: settings are those of the multipath disk',
  });
};
