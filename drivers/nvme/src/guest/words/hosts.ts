// SPDX-License-Identifier: GPL-2.0-only
import type { NoArgs } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { allowHosts } from '../target/configure.js';
import type { NvmeGuestWorld } from '../world.js';

/** @throws LMP-234 the topology has no target */
const admitting =
  (isAllowed: boolean) =>
  async ({ port, topology }: NvmeGuestWorld, _args: NoArgs): Promise<void> => {
    if (topology.transport !== 'tcp') {
      throw errors.fail('LMP-234', {
        message: 'emulated PCI controllers know no hosts',
        todo: 'say `transport: tcp` in the topology',
      });
    }
    await allowHosts(port, isAllowed);
  };

export const guestDenyHost = admitting(false);
export const guestAllowHost = admitting(true);
