// SPDX-License-Identifier: GPL-2.0-only
import {
  currentMachine,
  errno_name,
  type Json,
  type SetIopolicyArgs,
  type Steps,
  sysfs_read,
  sysfs_write,
  type TryIopolicyArgs,
} from '@libmultipath/driver-kit';
import { errors } from '../errors.js';
import { policyText } from '../vocabulary/policy-text.js';
import { findSubsystem, look } from './disks.js';
import { feedLoads } from './streams.js';
import type { NvmeModelWorld } from './world.js';

/** @returns `ok` or errno name */
function* writeIopolicy(world: NvmeModelWorld, policy: string): Steps<string> {
  yield* look();
  const subsys = findSubsystem(world);
  if (subsys === undefined) {
    throw errors.fail('LMP-201', {
      message: 'there is no subsystem to set a policy of',
      todo: 'attach a controller before',
    });
  }
  yield* feedLoads(world);
  const result = yield* sysfs_write(subsys.dev.kobj, 'iopolicy', policy);
  return result < 0 ? errno_name(result) : 'ok';
}

/** @throws LMP-201 the kernel refuses the policy */
export function* modelSetIopolicy(world: NvmeModelWorld, args: SetIopolicyArgs): Steps<void> {
  const result = yield* writeIopolicy(world, args.policy);
  if (result === 'ok') return;
  throw errors.fail('LMP-201', {
    message: `set-iopolicy: the model refuses ${args.policy} with ${result}`,
    todo: 'observe the refusal with try-iopolicy, or say in `needs:` what the scenario needs',
  });
}

export function* modelTryIopolicy(world: NvmeModelWorld, args: TryIopolicyArgs): Steps<void> {
  world.session.tries.set(args.as, yield* writeIopolicy(world, args.policy));
}

export function* modelIopolicy(world: NvmeModelWorld): Steps<Json> {
  yield* look();
  const subsys = findSubsystem(world);
  if (subsys === undefined) return null;
  const text = yield* sysfs_read(subsys.dev.kobj, 'iopolicy');
  return typeof text === 'string' ? text.trimEnd() : null;
}

export function* modelPolicyMessage(): Steps<Json> {
  yield* look();
  return currentMachine().log.flatMap(({ text }) => policyText(text) ?? []);
}
