// SPDX-License-Identifier: GPL-2.0-only
import { type TryIopolicyArgs } from '@libmultipath/driver-kit';
import { writeIopolicy } from '../policy.js';
import type { NvmeGuestWorld } from '../world.js';

/** Writes the policy and keeps the result under `as`, for `result-of`. */
export const guestTryIopolicy = async (world: NvmeGuestWorld, args: TryIopolicyArgs): Promise<void> => {
  world.session.tries.set(args.as, await writeIopolicy(world, args.policy));
};
