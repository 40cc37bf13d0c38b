// SPDX-License-Identifier: GPL-2.0-only
import {
  complete,
  completion,
  currentMachine,
  errno_name,
  sysfs_write,
  wait_for_completion,
  type Steps,
} from '@libmultipath/driver-kit';
import { scsi_add_host, scsi_remove_host, scsi_scan_lun } from '../environment/add-host.js';
import { scsi_device_block, scsi_internal_device_unblock } from '../environment/device-state.js';
import { set_transport } from '../environment/hardware/change.js';
import { DID_BAD_TARGET } from '../environment/status-codes.js';
import { SDEV_RUNNING, SDEV_TRANSPORT_OFFLINE } from '../environment/device-states.js';
import { scsi_remove_device } from '../environment/remove-device.js';
import { errors } from '../errors.js';
import type {
  HostArgs,
  PathArgs,
  PathsArgs,
  SetStateArgs,
  UnblockArgs,
  WriteAttributeArgs,
} from '../vocabulary/args.js';
import { writeClassAttribute } from './observe.js';
import { look } from './sight-of.js';
import { feedLoads, setPhase } from './streams.js';
import { deviceOf, pathOf, type model_path, type ScsiModelWorld } from './world.js';

/** Each in a task of its own when there are several; returns when all have ended. */
export function* together(
  word: string,
  paths: readonly model_path[],
  body: (path: model_path) => Steps<void>,
): Steps<void> {
  const [first, ...others] = paths;
  if (first === undefined) return;
  if (others.length === 0) {
    yield* body(first);
    return;
  }
  const ended = paths.map((path) => {
    const done = new completion();
    currentMachine().spawn(`${word} ${path.name}`, function* () {
      yield* body(path);
      yield* complete(done);
    });
    return done;
  });
  for (const done of ended) yield* wait_for_completion(done);
}

function* scan(path: model_path): Steps<void> {
  const { host, given, nexus } = path;
  if (host.shost === null) throw errors.fail('LMP-250', { message: `no host for ${path.name}`, todo: 'report this' });
  path.sdev = yield* scsi_scan_lun(host.shost, { channel: 0, id: given.id, lun: given.lun, nexus });
}

/**
 * The hosts that are not there yet come, then the paths are scanned.
 * @throws LMP-252 one of them is attached already
 */
export function* modelAttach(world: ScsiModelWorld, args: PathsArgs): Steps<void> {
  const paths = args.paths.map((label) => pathOf(world, label));
  const attached = paths.find(({ sdev }) => sdev !== null);
  if (attached !== undefined) {
    throw errors.fail('LMP-252', { message: `attach: ${attached.name} is attached already`, todo: 'detach it before' });
  }
  yield* feedLoads(world);
  for (const { host } of paths) {
    const node = world.topology.nodes > 1 ? host.given.node : undefined;
    host.shost ??= yield* scsi_add_host(world.core, node);
  }
  for (const { name, nexus } of paths) if (world.session.pulledOut.delete(name)) yield* set_transport(nexus, null);
  yield* together('scan', paths, scan);
  const { daemon } = world;
  if (daemon === null) return;
  for (const { name, sdev } of paths) if (sdev !== null) yield* daemon.came(name, sdev);
}

const noteOrphan = (world: ScsiModelWorld): void => {
  if ([...world.paths.values()].every(({ sdev }) => sdev === null)) world.journal.isOrphan = true;
};

/**
 * `echo 1 > device/delete`, to its end.
 * @throws LMP-252 one of them is not attached
 */
export function* modelDetach(world: ScsiModelWorld, args: PathsArgs): Steps<void> {
  const devices = new Map(args.paths.map((label) => [label, deviceOf(world, label, 'detach')]));
  setPhase(world, 'during');
  yield* feedLoads(world);
  const paths = args.paths.map((label) => pathOf(world, label));
  for (const path of paths) path.sdev = null;
  noteOrphan(world);
  yield* together('delete', paths, function* ({ name }) {
    const sdev = devices.get(name);
    if (sdev !== undefined) yield* scsi_remove_device(sdev);
  });
  if (world.daemon !== null) for (const { name } of paths) yield* world.daemon.went(name);
  setPhase(world, 'after');
}

/**
 * The disk is no more: the adapter answers for it, also what it has taken already, and has the device deleted.
 * @throws LMP-252 it is not attached
 */
export function* modelUnplug(world: ScsiModelWorld, { path: label }: PathArgs): Steps<void> {
  const sdev = deviceOf(world, label, 'unplug');
  const path = pathOf(world, label);
  setPhase(world, 'during');
  yield* feedLoads(world);
  path.sdev = null;
  noteOrphan(world);
  world.session.pulledOut.add(label);
  yield* set_transport(path.nexus, { host: DID_BAD_TARGET });
  yield* scsi_remove_device(sdev);
  if (world.daemon !== null) yield* world.daemon.went(label);
  setPhase(world, 'after');
}

/** Says to dm-multipath that the path may be used again; the library asks the path itself. */
export function* modelReinstate(world: ScsiModelWorld, { path }: PathArgs): Steps<void> {
  yield* feedLoads(world);
  yield* look();
  if (world.daemon !== null) yield* world.daemon.reinstate(path);
}

/** The adapter goes, with every path on it. @throws LMP-252 the host is not there */
export function* modelRemoveHost(world: ScsiModelWorld, args: HostArgs): Steps<void> {
  const host = world.hosts.get(args.host);
  const shost = host?.shost ?? null;
  if (host === undefined || shost === null) {
    throw errors.fail('LMP-252', { message: `remove-host: ${args.host} is not there`, todo: 'attach a path before' });
  }
  setPhase(world, 'during');
  yield* feedLoads(world);
  host.shost = null;
  for (const path of world.paths.values()) if (path.host === host) path.sdev = null;
  noteOrphan(world);
  yield* scsi_remove_host(shost);
  setPhase(world, 'after');
}

/** Writes an attribute of the path's device. @returns `ok` or the errno name */
export function* writeAttribute(world: ScsiModelWorld, label: string, name: string, text: string): Steps<string> {
  const sdev = deviceOf(world, label, name);
  yield* feedLoads(world);
  const result = yield* sysfs_write(sdev.sdev_gendev.kobj, name, text);
  return result < 0 ? errno_name(result) : 'ok';
}

const refused = (word: string, what: string, result: string): Error =>
  errors.fail('LMP-252', {
    message: `${word}: the model refuses ${what} with ${result}`,
    todo: 'correct the scenario',
  });

/** @throws LMP-252 it is refused, and no label keeps the result */
export function* modelSetState(world: ScsiModelWorld, { path, state, as }: SetStateArgs): Steps<void> {
  const result = yield* writeAttribute(world, path, 'state', `${state}\n`);
  if (as !== undefined) world.session.tries.set(as, result);
  else if (result !== 'ok') throw refused('set-state', state, result);
}

/** Keeps what comes of it. */
export function* modelWriteAttribute(world: ScsiModelWorld, args: WriteAttributeArgs): Steps<void> {
  const { of, name, value, owner = 'device', as } = args;
  if (owner === 'device') {
    world.session.tries.set(as, yield* writeAttribute(world, of, name, `${value}\n`));
    return;
  }
  const sdev = deviceOf(world, of, name);
  yield* feedLoads(world);
  const result = yield* writeClassAttribute(sdev, { owner, name }, `${value}\n`);
  world.session.tries.set(as, result < 0 ? errno_name(result) : 'ok');
}

export function* modelRescan(world: ScsiModelWorld, { path }: PathArgs): Steps<void> {
  yield* writeAttribute(world, path, 'rescan', '1\n');
}

/** Writes `activate` to `dh_state`. @throws LMP-252 no handler is there */
export function* modelActivate(world: ScsiModelWorld, { path }: PathArgs): Steps<void> {
  const result = yield* writeAttribute(world, path, 'dh_state', 'activate\n');
  if (result !== 'ok') throw refused('activate', path, result);
}

/** @throws LMP-252 its state cannot be blocked */
export function* modelBlock(world: ScsiModelWorld, { path }: PathArgs): Steps<void> {
  const sdev = deviceOf(world, path, 'block');
  yield* feedLoads(world);
  const error = yield* scsi_device_block(sdev);
  if (error !== 0) throw refused('block', path, errno_name(error));
}

/** @throws LMP-252 its state is not to be unblocked */
export function* modelUnblock(world: ScsiModelWorld, { path, to }: UnblockArgs): Steps<void> {
  const sdev = deviceOf(world, path, 'unblock');
  yield* feedLoads(world);
  const error = yield* scsi_internal_device_unblock(sdev, to === 'running' ? SDEV_RUNNING : SDEV_TRANSPORT_OFFLINE);
  if (error !== 0) throw refused('unblock', path, errno_name(error));
}
