// SPDX-License-Identifier: GPL-2.0-only
import type { PathsArgs } from '../../vocabulary/args.js';
import { scanPath } from '../devices.js';
import { pathCame } from '../over-dm.js';
import { nexusOf, type ScsiGuestWorld } from '../world.js';

/** Scans the address of each path; several at the same time. */
export const guestAttach = async (world: ScsiGuestWorld, { paths }: PathsArgs): Promise<void> => {
  await Promise.all(paths.map((label) => scanPath(world, nexusOf(world, label))));
  for (const label of paths) await pathCame(world, label);
};
