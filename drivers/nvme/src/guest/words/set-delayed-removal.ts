// SPDX-License-Identifier: GPL-2.0-only
import { type SetDelayedRemovalArgs, tryWrite } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { DETACH_MS } from '../deadlines.js';
import { needHead } from '../disks.js';
import type { NvmeGuestWorld } from '../world.js';

/** @throws LMP-227 no head; LMP-230 no such attribute (before 6.16), or the value is refused */
export const guestSetDelayedRemoval = async (world: NvmeGuestWorld, args: SetDelayedRemovalArgs): Promise<void> => {
  const head = await needHead(world, 'set-delayed-removal');
  const path = `${head.dir}/delayed_removal_secs`;
  const result = await tryWrite(world.port, path, String(args.seconds), DETACH_MS);
  if (result === 'ok') return;
  throw errors.fail('LMP-230', {
    message: `${world.port.hello.release} refuses ${args.seconds} with ${result}`,
    where: path,
    todo: 'say `needs: [delayed-removal]` in the scenario',
  });
};
