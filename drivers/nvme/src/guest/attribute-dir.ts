// SPDX-License-Identifier: GPL-2.0-only
import type { AttributePlace } from '../vocabulary/place-args.js';
import { findHead, findPathOf, findSubsystem } from './disks.js';
import { placeOf } from './place.js';
import type { NvmeGuestWorld } from './world.js';

/** Of nvme-core, loaded or built in. */
const PARAMETERS = '/sys/module/nvme_core/parameters';

/** The directory in sysfs, or `undefined`: there is none now. */
export const attributeDir = async (world: NvmeGuestWorld, of: AttributePlace): Promise<string | undefined> => {
  switch (of.kind) {
    case 'head':
      return (await findHead(world, { nsid: of.nsid, of: of.label }))?.dir;
    case 'module':
      return PARAMETERS;
    case 'subsystem':
      return findSubsystem(world, of.label);
    case 'path':
      return (await findPathOf(world, of.label, of.nsid))?.dir;
    case 'controller':
      return (await placeOf(world.slots, of.label).controllers(world.port))[0]?.dir;
  }
};
