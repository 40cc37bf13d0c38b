// SPDX-License-Identifier: GPL-2.0-only
import { tryWrite } from '@libmultipath/driver-kit';
import type { WriteAttributeArgs } from '../../vocabulary/args.js';
import { ATTACH_MS } from '../deadlines.js';
import { nexusOf, ownerDir, type ScsiGuestWorld } from '../world.js';

export const guestWriteAttribute = async (world: ScsiGuestWorld, args: WriteAttributeArgs): Promise<void> => {
  const path = `${ownerDir(nexusOf(world, args.of), args.owner ?? 'device')}/${args.name}`;
  world.session.tries.set(args.as, await tryWrite(world.port, path, `${args.value}\n`, ATTACH_MS));
};
