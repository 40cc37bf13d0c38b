// SPDX-License-Identifier: GPL-2.0-only
import type { GuestPort } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import type { VirtioTopology } from '../topology.js';
import { resetGuest } from './reset.js';
import { locateSlots } from './slots.js';
import { trace } from './trace.js';
import { newSession, type VirtioGuestWorld } from './world.js';

const NEEDED = ['/sys/bus/virtio/drivers/virtio_blk', '/sys/module/dm_multipath', '/dev/mapper/control'] as const;
const SECTORS_PER_MIB = 2_048;

/**
 * First contact with a booted guest: finds each disk, sets tracing up, and leaves the guest as every scenario
 * expects it, without disks.
 * @throws LMP-293 this kernel cannot do it at all: `unsupported`
 * @throws LMP-294, LMP-296 the guest is not as it should be
 */
export const openGuest = async (port: GuestPort, topology: VirtioTopology): Promise<VirtioGuestWorld> => {
  for (const path of NEEDED) {
    if ((await port.call('file.stat', { path })).kind !== 'absent') continue;
    throw errors.fail('LMP-293', {
      message: `${port.hello.release} has no ${path}`,
      where: path,
      todo: 'take a kernel with CONFIG_VIRTIO_BLK and CONFIG_DM_MULTIPATH; where they are modules, give --modules',
    });
  }
  const slots = await locateSlots(port, topology.disks);
  await trace.open(port, (topology.sizeMiB * SECTORS_PER_MIB) / 2);
  const world: VirtioGuestWorld = { port, topology, slots, session: newSession() };
  await resetGuest(world);
  return world;
};
