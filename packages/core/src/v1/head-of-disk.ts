// SPDX-License-Identifier: GPL-2.0-only
import { load, type device, type Steps } from '@libmultipath/kernel';
import { nullPointer } from '../structures/null-pointer.js';
import { mpath_disk, type mpath_head } from './structures.js';

/** The disk's head, which the driver set. */
export function* head_of_disk(disk: mpath_disk): Steps<mpath_head> {
  return (yield* load(disk, 'mpath_head')) ?? nullPointer('mpath_disk.mpath_head', disk);
}

/** The head of the disk that is the device's driver data, as the methods of the block device find it. */
export function* head_of_device(dev: device): Steps<mpath_head> {
  const disk = yield* load(dev, 'driver_data');
  return yield* head_of_disk(disk instanceof mpath_disk ? disk : nullPointer('mpath_disk.mpath_head', dev));
}
