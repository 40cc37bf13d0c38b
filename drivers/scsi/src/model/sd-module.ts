// SPDX-License-Identifier: GPL-2.0-only
import { errno_name, type NoArgs, type Steps } from '@libmultipath/driver-kit';
import type { scsi_device } from '../environment/scsi-device.js';
import { init_sd, unload_sd } from '../environment/sd/unload-sd.js';
import { errors } from '../errors.js';
import type { UnloadArgs } from '../vocabulary/args.js';
import { feedLoads } from './streams.js';
import type { ScsiModelWorld } from './world.js';

const devicesOf = ({ paths }: ScsiModelWorld): readonly scsi_device[] =>
  [...paths.values()].flatMap(({ sdev }) => (sdev === null ? [] : [sdev]));

export function* modelUnloadSd(world: ScsiModelWorld, { as }: UnloadArgs): Steps<void> {
  yield* feedLoads(world);
  const result = yield* unload_sd(world.core, devicesOf(world));
  world.session.tries.set(as, result < 0 ? errno_name(result) : 'ok');
}

/** @throws LMP-252 it is loaded */
export function* modelLoadSd(world: ScsiModelWorld, _args: NoArgs): Steps<void> {
  yield* feedLoads(world);
  if (world.core.sd_mod.state !== 'gone') {
    throw errors.fail('LMP-252', { message: 'load-sd: sd_mod is loaded', todo: 'unload it before' });
  }
  yield* init_sd(world.core, devicesOf(world));
}
