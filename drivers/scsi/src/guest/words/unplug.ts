// SPDX-License-Identifier: GPL-2.0-only
import { errors } from '../../errors.js';
import type { PathArgs } from '../../vocabulary/args.js';
import { awaitGone } from '../devices.js';
import { pathWent } from '../over-dm.js';
import { pullOut } from '../plugging.js';
import { nexusOf, type ScsiGuestWorld } from '../world.js';

/** QEMU takes the disk out of the machine, and the adapter tells the guest. @throws LMP-260 another array, LMP-263 */
export const guestUnplug = async (world: ScsiGuestWorld, { path: label }: PathArgs): Promise<void> => {
  if (world.topology.array !== 'qemu') {
    throw errors.fail('LMP-260', {
      message: 'unplug: only a disk of QEMU can be pulled out of the machine',
      todo: 'say `array: qemu`, or `detach`',
    });
  }
  await pullOut(world, label);
  await awaitGone(world, nexusOf(world, label));
  await pathWent(world, label);
};
