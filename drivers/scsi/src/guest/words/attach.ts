// SPDX-License-Identifier: GPL-2.0-only
import type { PathsArgs } from '../../vocabulary/args.js';
import { scanPath } from '../devices.js';
import { pathCame } from '../over-dm.js';
import { pushIn } from '../plugging.js';
import { nexusOf, type ScsiGuestWorld } from '../world.js';

/** Scans the address of each path, whose disk is in the machine then; several at the same time. */
export const guestAttach = async (world: ScsiGuestWorld, { paths }: PathsArgs): Promise<void> => {
  for (const label of paths) await pushIn(world, label);
  await Promise.all(paths.map((label) => scanPath(world, nexusOf(world, label))));
  for (const label of paths) await pathCame(world, label);
};
