// SPDX-License-Identifier: GPL-2.0-only
import { errno_name, load, type NoArgs, type Steps } from '@libmultipath/driver-kit';
import { nvme_dev_open } from '../environment/dev-open.js';
import { load_transport, unload_transport } from '../environment/unload.js';
import { errors } from '../errors.js';
import type { HoldControllerArgs, UnloadArgs } from '../vocabulary/transport-args.js';
import { look } from './disks.js';
import { feedLoads, setPhase } from './streams.js';
import { slotOf, type NvmeModelWorld } from './world.js';

/** @throws LMP-201 the transport of emulated controllers */
const needTarget = ({ topology }: NvmeModelWorld, step: string): void => {
  if (topology.transport === 'tcp') return;
  throw errors.fail('LMP-201', {
    message: `${step}: the driver of emulated controllers is part of most kernels`,
    todo: 'say `transport: tcp` in the topology',
  });
};

/** @throws LMP-201 the topology has no target */
export function* modelUnloadTransport(world: NvmeModelWorld, { as }: UnloadArgs): Steps<void> {
  needTarget(world, 'unload-transport');
  setPhase(world, 'during');
  yield* feedLoads(world);
  const result = yield* unload_transport(world.core, [...world.slots.values()]);
  world.session.tries.set(as, result < 0 ? errno_name(result) : 'ok');
  setPhase(world, 'after');
  if ([...world.slots.values()].every(({ drvdata }) => drvdata === null)) world.core.journal.isOrphan = true;
}

/** @throws LMP-201 the topology has no target, or the module is there */
export function* modelLoadTransport(world: NvmeModelWorld, _args: NoArgs): Steps<void> {
  needTarget(world, 'load-transport');
  yield* feedLoads(world);
  if (world.core.transport.state !== 'gone') {
    throw errors.fail('LMP-201', { message: 'load-transport: it is loaded', todo: 'unload it before' });
  }
  yield* load_transport(world.core);
}

/** @throws LMP-201 it cannot be opened */
export function* modelHoldController(world: NvmeModelWorld, { controller, as }: HoldControllerArgs): Steps<void> {
  yield* feedLoads(world);
  yield* look();
  const ctrl = yield* load(slotOf(world, controller), 'drvdata');
  const result = ctrl === null ? 'ENOENT' : errno_name(yield* nvme_dev_open(ctrl));
  if (ctrl === null || result !== '0') {
    throw errors.fail('LMP-201', {
      message: `hold-controller ${as}: ${controller} cannot be opened: ${result}`,
      todo: 'attach it before, and let it become live',
    });
  }
  world.session.controllers.set(as, ctrl);
}
