// SPDX-License-Identifier: GPL-2.0-only
import { tryWrite } from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { DETACH_MS } from './deadlines.js';
import { findSubsystem } from './disks.js';
import type { NvmeGuestWorld } from './world.js';

/** Path of the subsystem's `iopolicy`. @throws LMP-227 there is no subsystem */
export const iopolicyFile = async (world: NvmeGuestWorld): Promise<string> => {
  const subsystem = await findSubsystem(world);
  if (subsystem === undefined) {
    throw errors.fail('LMP-227', {
      message: 'the policy is the subsystem’s, and there is none',
      where: '/sys/class/nvme-subsystem',
      todo: 'attach a controller first',
    });
  }
  return `${subsystem}/iopolicy`;
};

/** Writes the policy: `ok` or the errno name. The kernel answers when the change is in effect. */
export const writeIopolicy = async (world: NvmeGuestWorld, policy: string): Promise<string> =>
  tryWrite(world.port, await iopolicyFile(world), policy, DETACH_MS);
