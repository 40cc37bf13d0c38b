// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_release,
  errno_name,
  fput,
  type HoldArgs,
  type Json,
  makeStep,
  type ReleaseArgs,
  type SetDelayedRemovalArgs,
  type Steps,
  sysfs_write,
} from '@libmultipath/driver-kit';
import { nvme_dev_release } from '../environment/dev-open.js';
import { trace_order } from '../environment/journal.js';
import { errors } from '../errors.js';
import { findHead, look } from './disks.js';
import { feedLoads } from './streams.js';
import { openHead } from './reads.js';
import type { NvmeModelWorld } from './world.js';

/** @throws LMP-201 no head, no such attribute, or the value is refused */
export function* modelSetDelayedRemoval(world: NvmeModelWorld, args: SetDelayedRemovalArgs): Steps<void> {
  yield* look();
  const head = findHead(world);
  if (head === undefined) {
    throw errors.fail('LMP-201', {
      message: 'set-delayed-removal: there is no head',
      todo: 'attach a controller before',
    });
  }
  yield* feedLoads(world);
  const result = yield* sysfs_write(head.device.kobj, 'delayed_removal_secs', String(args.seconds));
  if (result >= 0) return;
  throw errors.fail('LMP-201', {
    message: `set-delayed-removal: the model refuses ${String(args.seconds)} with ${errno_name(result)}`,
    todo: 'say `needs: [delayed-removal]` in the scenario',
  });
}

/** @throws LMP-201 the head cannot be opened */
export function* modelHold(world: NvmeModelWorld, args: HoldArgs): Steps<void> {
  yield* feedLoads(world);
  const disk = yield* openHead(world);
  if (typeof disk === 'string') {
    throw errors.fail('LMP-201', {
      message: `hold ${args.as}: the head cannot be opened: ${disk}`,
      todo: 'attach a controller before',
    });
  }
  world.session.holds.set(args.as, disk);
}

export function* modelRelease(world: NvmeModelWorld, args: ReleaseArgs): Steps<void> {
  const { holds, files, controllers } = world.session;
  const file = files.get(args.hold);
  if (file !== undefined) {
    yield* feedLoads(world);
    files.delete(args.hold);
    yield* fput(file);
    return;
  }
  const ctrl = controllers.get(args.hold);
  if (ctrl !== undefined) {
    yield* feedLoads(world);
    controllers.delete(args.hold);
    yield* nvme_dev_release(ctrl);
    return;
  }
  const disk = holds.get(args.hold);
  if (disk === undefined)
    throw errors.fail('LMP-202', { message: `nothing is held as ${args.hold}`, todo: 'report this' });
  yield* feedLoads(world);
  holds.delete(args.hold);
  yield* bdev_release(disk);
}

/** Waits until the head's directory is gone. */
export function* modelAwaitRemoval(world: NvmeModelWorld): Steps<void> {
  yield* feedLoads(world);
  yield* trace_order(world.core.journal, 'awaiting');
  yield* look();
  const kobj = findHead(world)?.device.kobj;
  if (kobj === undefined) return;
  yield makeStep('await_removal', kobj, 'sd', 'read', { enabled: () => !kobj.state_in_sysfs, rest: [] });
}

export function* modelOrder(world: NvmeModelWorld): Steps<Json> {
  yield* look();
  return [...world.core.journal.order];
}
