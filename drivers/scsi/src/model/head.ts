// SPDX-License-Identifier: GPL-2.0-only
import {
  bdev_release,
  BLK_OPEN_READ,
  BLK_OPEN_WRITE,
  currentMachine,
  E,
  errno_name,
  type gendisk,
  type HoldArgs,
  type Json,
  type kobject,
  makeStep,
  type ReleaseArgs,
  type SetDelayedRemovalArgs,
  type SetIopolicyArgs,
  type Steps,
  type TryIopolicyArgs,
} from '@libmultipath/driver-kit';
import { SCSI_IOCTL_TEST_UNIT_READY } from '../environment/sd/sd-ioctl.js';
import { errors } from '../errors.js';
import { type ReserveArgs } from '../vocabulary/args.js';
import { reservationTypes, type ReservationType } from '../vocabulary/names.js';
import { policyText } from '../vocabulary/policy-text.js';
import { readFound, writeFound } from './directory.js';
import { note } from './journal.js';
import { openHead, openPath } from './reads.js';
import { findDisk, findHead, look } from './sight-of.js';
import { feedLoads } from './streams.js';
import type { ScsiModelWorld } from './world.js';

const noHead = (word: string): Error =>
  errors.fail('LMP-252', { message: `${word}: there is no head`, todo: 'attach a path before' });

const refusal = (word: string, value: string, result: string): Error =>
  errors.fail('LMP-252', {
    message: `${word}: the model refuses ${value} with ${result}`,
    todo: 'say in `needs:` what the scenario needs',
  });

/** @returns `ok` or errno name @throws LMP-252 no head */
export function* writeIopolicy(world: ScsiModelWorld, policy: string): Steps<string> {
  yield* look();
  if (world.daemon !== null) {
    yield* feedLoads(world);
    const error = yield* world.daemon.setPolicy(policy);
    return error < 0 ? errno_name(error) : 'ok';
  }
  if (findHead(world) === undefined) throw noHead('set-iopolicy');
  yield* feedLoads(world);
  const result = yield* writeFound(world.sight.classes.heads, () => findHead(world)?.dev.kobj, 'iopolicy', policy);
  return result < 0 ? errno_name(result) : 'ok';
}

/** @throws LMP-252 no head, or the kernel refuses the policy */
export function* modelSetIopolicy(world: ScsiModelWorld, args: SetIopolicyArgs): Steps<void> {
  const result = yield* writeIopolicy(world, args.policy);
  if (result !== 'ok') throw refusal('set-iopolicy', args.policy, result);
}

export function* modelTryIopolicy(world: ScsiModelWorld, args: TryIopolicyArgs): Steps<void> {
  world.session.tries.set(args.as, yield* writeIopolicy(world, args.policy));
}

export function* modelIopolicy(world: ScsiModelWorld): Steps<Json> {
  yield* look();
  // A timer may take the head away beside the look.
  const text = yield* readFound(world.sight.classes.heads, () => findHead(world)?.dev.kobj, 'iopolicy');
  return typeof text === 'string' ? text.trimEnd() : null;
}

export function* modelPolicyMessage(): Steps<Json> {
  yield* look();
  return currentMachine().log.flatMap(({ text }) => policyText(text) ?? []);
}

/** @throws LMP-252 no head, no such attribute, or the value is refused */
export function* modelSetDelayedRemoval(world: ScsiModelWorld, args: SetDelayedRemovalArgs): Steps<void> {
  yield* look();
  if (findDisk(world) === undefined) throw noHead('set-delayed-removal');
  yield* feedLoads(world);
  if (world.daemon !== null) {
    yield* world.daemon.setDelay(args.seconds);
    return;
  }
  const find = (): kobject | undefined => findDisk(world)?.device.kobj;
  const result = yield* writeFound(world.sight.classes.disks, find, 'delayed_removal_secs', String(args.seconds));
  if (result < 0) throw refusal('set-delayed-removal', String(args.seconds), errno_name(result));
}

/** @throws LMP-252 nobody groups the paths, or there is no head */
export function* modelSuspendHead(world: ScsiModelWorld): Steps<void> {
  yield* feedLoads(world);
  const error = world.daemon === null ? -E.ENXIO : yield* world.daemon.suspend();
  if (error !== 0) throw noHead('suspend-head');
}

/** @throws LMP-252 nobody groups the paths, or there is no head */
export function* modelResumeHead(world: ScsiModelWorld): Steps<void> {
  yield* feedLoads(world);
  const error = world.daemon === null ? -E.ENXIO : yield* world.daemon.resume();
  if (error !== 0) throw noHead('resume-head');
}

/** @throws LMP-252 the head cannot be opened */
export function* modelHold(world: ScsiModelWorld, args: HoldArgs): Steps<void> {
  yield* feedLoads(world);
  const disk = yield* openHead(world);
  if (typeof disk === 'string') {
    throw errors.fail('LMP-252', {
      message: `hold ${args.as}: the head cannot be opened: ${disk}`,
      todo: 'attach a path before',
    });
  }
  world.session.holds.set(args.as, disk);
}

export function* modelRelease(world: ScsiModelWorld, args: ReleaseArgs): Steps<void> {
  const disk = world.session.holds.get(args.hold);
  if (disk === undefined)
    throw errors.fail('LMP-250', { message: `nothing is held as ${args.hold}`, todo: 'report this' });
  yield* feedLoads(world);
  world.session.holds.delete(args.hold);
  yield* bdev_release(disk);
}

/** Waits until the head's disk is gone. */
export function* modelAwaitRemoval(world: ScsiModelWorld): Steps<void> {
  yield* feedLoads(world);
  yield* note(world.journal, 'awaiting');
  yield* look();
  const kobj = findDisk(world)?.device.kobj;
  if (kobj === undefined) return;
  yield makeStep('await_removal', kobj, 'sd', 'read', { enabled: () => !kobj.state_in_sysfs, rest: [] });
}

export function* modelOrder(world: ScsiModelWorld): Steps<Json> {
  yield* look();
  return [...world.journal.order];
}

const MODE = BLK_OPEN_READ | BLK_OPEN_WRITE;
const KEY = 0xabc;

/** `ok`, an errno name, or the status of the device as the method gave it. */
const resultText = (result: number): string =>
  result === 0 ? 'ok' : result < 0 ? errno_name(result) : `status ${String(result)}`;

function* reserve(disk: gendisk, type: ReservationType): Steps<string> {
  const { pr_ops } = disk.fops;
  if (pr_ops?.pr_register === undefined || pr_ops.pr_reserve === undefined) return 'EOPNOTSUPP';
  const registered = yield* pr_ops.pr_register(disk.part0, 0, KEY, 0);
  return resultText(
    registered === 0 ? yield* pr_ops.pr_reserve(disk.part0, KEY, reservationTypes[type], 0) : registered,
  );
}

/** Registers a key and reserves, through the head or through a path's own disk. */
export function* modelReserve(world: ScsiModelWorld, { as, on, type }: ReserveArgs): Steps<void> {
  const disk = yield* on === undefined ? openHead(world) : openPath(world, on);
  if (typeof disk === 'string') {
    world.session.tries.set(as, disk);
    return;
  }
  world.session.tries.set(as, yield* reserve(disk, type));
  yield* bdev_release(disk);
}

/** ioctl(2) SCSI_IOCTL_TEST_UNIT_READY of the head. */
export function* modelIoctl(world: ScsiModelWorld, { as }: HoldArgs): Steps<void> {
  const disk = yield* openHead(world);
  if (typeof disk === 'string') {
    world.session.tries.set(as, disk);
    return;
  }
  const result = yield* disk.fops.ioctl?.(disk.part0, MODE, SCSI_IOCTL_TEST_UNIT_READY, null) ?? noIoctl();
  world.session.tries.set(as, resultText(result));
  yield* bdev_release(disk);
}

function* noIoctl(): Steps<number> {
  return -E.ENOTTY;
}
