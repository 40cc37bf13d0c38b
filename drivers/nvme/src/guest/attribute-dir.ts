// SPDX-License-Identifier: GPL-2.0-only
import type { AttributePlace } from '../vocabulary/place-args.js';
import { findHead, findPaths, findSubsystem } from './disks.js';
import { placeOf } from './place.js';
import type { NvmeGuestWorld } from './world.js';

/** The directory in sysfs, or `undefined`: there is none now. Of a path: its disk of the first namespace. */
export const attributeDir = async (world: NvmeGuestWorld, of: AttributePlace): Promise<string | undefined> => {
  switch (of.kind) {
    case 'head':
      return (await findHead(world))?.dir;
    case 'subsystem':
      return findSubsystem(world);
    case 'path':
      return (await findPaths(world)).find(({ label }) => label === of.label)?.dir;
    case 'controller':
      return (await placeOf(world.slots, of.label).controllers(world.port))[0]?.dir;
  }
};
