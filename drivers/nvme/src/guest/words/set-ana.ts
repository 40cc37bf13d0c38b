// SPDX-License-Identifier: GPL-2.0-only
import { attributeOf } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import type { SetAnaArgs } from '../../vocabulary/target-args.js';
import { DETACH_MS } from '../deadlines.js';
import { findPaths } from '../disks.js';
import { setGroupState } from '../target/configure.js';
import { portOf } from '../target/port.js';
import type { NvmeGuestWorld } from '../world.js';

/**
 * Changes the group on the target's port, and waits until the paths of the controller show it.
 * @throws LMP-228 they do not; LMP-234 the topology has no target
 */
export const guestSetAna = async (world: NvmeGuestWorld, { controller, state, group }: SetAnaArgs): Promise<void> => {
  const { port } = world;
  await setGroupState(port, portOf(world.slots, controller).nth, group, state);
  for (const { label, dir } of await findPaths(world)) {
    const attribute = `${dir}/ana_state`;
    if (label !== controller || (await attributeOf(port, `${dir}/ana_grpid`)) !== String(group)) continue;
    try {
      const all = [{ path: attribute, is: 'content', equals: state } as const];
      await port.call('wait.until', { all, deadlineMs: DETACH_MS });
    } catch (cause) {
      throw errors.fail('LMP-228', {
        message: `the path of ${controller} does not become ${state}: ${cause instanceof Error ? cause.message : String(cause)}`,
        where: attribute,
        cause,
      });
    }
  }
};
