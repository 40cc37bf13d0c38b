// SPDX-License-Identifier: GPL-2.0-only
import { type SetIopolicyArgs } from '@libmultipath/driver-kit';
import { errors } from '../../errors.js';
import { iopolicyFile, writeIopolicy } from '../policy.js';
import type { NvmeGuestWorld } from '../world.js';

/** @throws LMP-230 the kernel refuses the policy */
export const guestSetIopolicy = async (world: NvmeGuestWorld, args: SetIopolicyArgs): Promise<void> => {
  const result = await writeIopolicy(world, args.policy);
  if (result === 'ok') return;
  throw errors.fail('LMP-230', {
    message: `${world.port.hello.release} refuses the policy ${args.policy} with ${result}`,
    where: await iopolicyFile(world),
    todo: 'observe the refusal with try-iopolicy, or say in `needs:` what the scenario needs',
  });
};
