// SPDX-License-Identifier: GPL-2.0-only
import { get_capacity, READ_ONCE, sysfs_read, type Json, type Steps } from '@libmultipath/driver-kit';
import { SECTORS_PER_MIB } from '../environment/media.js';
import { device_attach, device_release_driver } from '../environment/bus.js';
import { errors } from '../errors.js';
import { look, mustBeTaken } from './head.js';
import { feedLoads } from './loads.js';
import { deviceOf, type VirtioModelWorld } from './world.js';

/** The bus finds the device, and the driver binds to it. @throws LMP-291 it is there already */
export function* modelAttach(world: VirtioModelWorld, label: string): Steps<void> {
  yield* feedLoads(world);
  mustBeTaken(`attach ${label}`, yield* device_attach(world.core, deviceOf(world, label)));
}

/** Orderly removal of the device, to its end. @throws LMP-291 it is not there */
export function* modelDetach(world: VirtioModelWorld, label: string): Steps<void> {
  const vdev = deviceOf(world, label);
  if ((yield* READ_ONCE(vdev, 'priv')) === null) {
    throw errors.fail('LMP-291', { message: `detach: ${label} is not attached`, todo: 'attach it before' });
  }
  yield* feedLoads(world);
  yield* device_release_driver(world.core, vdev);
}

/** Puts a path back, or takes it out of use. @throws LMP-291 it is not there */
export function* modelSetUsable(world: VirtioModelWorld, label: string, usable: boolean): Steps<void> {
  const vblk = yield* READ_ONCE(deviceOf(world, label), 'priv');
  if (vblk === null) {
    throw errors.fail('LMP-291', { message: `${label} is not attached`, todo: 'attach it before' });
  }
  yield* feedLoads(world);
  yield* world.core.mpath.set_usable(vblk, usable);
}

export function* modelSetDelayedRemoval(world: VirtioModelWorld, seconds: number): Steps<void> {
  yield* look();
  yield* feedLoads(world);
  mustBeTaken('set-delayed-removal', yield* world.core.mpath.set_delayed_removal(seconds));
}

export function* modelSetIopolicy(world: VirtioModelWorld, policy: string): Steps<void> {
  yield* look();
  yield* feedLoads(world);
  mustBeTaken('set-iopolicy', yield* world.core.mpath.set_iopolicy(policy));
}

export function* modelHead(world: VirtioModelWorld): Steps<Json> {
  yield* look();
  const disk = world.core.mpath.head_disk();
  return disk === undefined
    ? { present: false }
    : { present: true, sizeMiB: (yield* get_capacity(disk)) / SECTORS_PER_MIB };
}

const LETTERS = /^vd[a-z]+$/;

export function* modelDisks(world: VirtioModelWorld): Steps<Json> {
  yield* look();
  const value: Record<string, Json> = {};
  for (const [label, vdev] of world.devices) {
    const vblk = yield* READ_ONCE(vdev, 'priv');
    if (vblk === null) continue;
    const { disk } = vblk;
    const serial = yield* sysfs_read(disk.device.kobj, 'serial');
    value[label] = {
      name: disk.disk_name.replace(LETTERS, 'vd<X>'),
      serial: typeof serial === 'string' ? serial : null,
      sizeMiB: (yield* get_capacity(disk)) / SECTORS_PER_MIB,
    };
  }
  return value;
}

export function* modelOrder(world: VirtioModelWorld): Steps<Json> {
  yield* look();
  return [...world.core.journal.order];
}
