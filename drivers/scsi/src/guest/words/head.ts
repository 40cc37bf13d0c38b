// SPDX-License-Identifier: GPL-2.0-only
import type { SetDelayedRemovalArgs, SetIopolicyArgs } from '@libmultipath/driver-kit';
import type { PathArgs } from '../../vocabulary/args.js';
import { notInGuest } from '../no-multipath.js';
import { reinstatePath, resumeHead, setDelay, setPolicy, suspendHead } from '../over-dm.js';
import type { ScsiGuestWorld } from '../world.js';

/** @throws LMP-260 nothing is over the paths */
export const guestSetIopolicy = async (world: ScsiGuestWorld, { policy }: SetIopolicyArgs): Promise<void> => {
  if (world.session.dm === undefined) await notInGuest('set-iopolicy')();
  await setPolicy(world, policy);
};

/** @throws LMP-260 nothing is over the paths */
export const guestSetDelayedRemoval = async (world: ScsiGuestWorld, args: SetDelayedRemovalArgs): Promise<void> => {
  if (world.session.dm === undefined) await notInGuest('set-delayed-removal')();
  await setDelay(world, args.seconds);
};

/** @throws LMP-260 nothing is over the paths */
export const guestSuspendHead = async (world: ScsiGuestWorld): Promise<void> => {
  if (world.session.dm?.head === undefined) await notInGuest('suspend-head')();
  await suspendHead(world);
};

/** @throws LMP-260 nothing is over the paths */
export const guestResumeHead = async (world: ScsiGuestWorld): Promise<void> => {
  if (world.session.dm?.head === undefined) await notInGuest('resume-head')();
  await resumeHead(world);
};

export const guestReinstate = (world: ScsiGuestWorld, { path }: PathArgs): Promise<void> => reinstatePath(world, path);
