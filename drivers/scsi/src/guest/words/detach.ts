// SPDX-License-Identifier: GPL-2.0-only
import type { PathsArgs } from '../../vocabulary/args.js';
import { deletePath } from '../devices.js';
import { pathWent } from '../over-dm.js';
import { nexusOf, type ScsiGuestWorld } from '../world.js';

/** Deletes the device of each path; several at the same time. */
export const guestDetach = async (world: ScsiGuestWorld, { paths }: PathsArgs): Promise<void> => {
  await Promise.all(paths.map((label) => deletePath(world, nexusOf(world, label))));
  for (const label of paths) await pathWent(world, label);
};
