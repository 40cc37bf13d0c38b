// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf, type Json } from '@libmultipath/driver-kit';
import type { HeadOfArgs } from '../../vocabulary/args.js';
import { findHead } from '../disks.js';
import { sizeMiBOf } from '../sizes.js';
import type { NvmeGuestWorld } from '../world.js';

/** Whether there is a head disk, its instance, size, and what user space sees of it. */
export const guestHead = async (world: NvmeGuestWorld, { of }: HeadOfArgs = {}): Promise<Json> => {
  const head = await findHead(world, { of });
  if (head === undefined) return { present: false };
  const { port } = world;
  const character = `/sys/class/nvme-generic/ng${head.subsystem}n${head.instance}`;
  return {
    present: true,
    instance: head.instance,
    sizeMiB: sizeMiBOf(await attributeOf(port, `${head.dir}/size`)),
    hidden: (await attributeOf(port, `${head.dir}/hidden`)) === '1',
    cdev: (await port.call('file.stat', { path: character })).kind !== 'absent',
  };
};
