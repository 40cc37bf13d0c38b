// SPDX-License-Identifier: GPL-2.0-only
import { load, makeStep, mutex_lock, mutex_unlock, store, type Steps } from '@libmultipath/driver-kit';
import { scsi_add_host, scsi_scan_lun } from '../environment/add-host.js';
import { scsi_remove_device } from '../environment/remove-device.js';
import type { scsi_device } from '../environment/scsi-device.js';
import type { Scsi_Host } from '../environment/scsi-host.js';
import { errors } from '../errors.js';
import type { model_path, ScsiModelWorld } from '../model/world.js';

/** The path with this index. */
export const pathAt = ({ paths }: ScsiModelWorld, index: number): model_path => {
  const path = [...paths.values()][index];
  if (path !== undefined) return path;
  throw errors.fail('LMP-250', { message: `there is no path ${String(index)}`, todo: 'report this' });
};

/** The host of a path; the first who wants it adds it. */
function* hostOf(world: ScsiModelWorld, { host }: model_path): Steps<Scsi_Host> {
  yield* mutex_lock(host.lock);
  const shost = (yield* load(host, 'shost')) ?? (yield* scsi_add_host(world.core, host.given.node));
  yield* store(host, 'shost', shost);
  yield* mutex_unlock(host.lock);
  return shost;
}

/** Scans the path's address: what is there already stays. */
export function* addPath(world: ScsiModelWorld, index: number): Steps<void> {
  const path = pathAt(world, index);
  const shost = yield* hostOf(world, path);
  yield* mutex_lock(path.lock);
  if ((yield* load(path, 'sdev')) === null) {
    const { id, lun } = path.given;
    yield* store(path, 'sdev', yield* scsi_scan_lun(shost, { channel: 0, id, lun, nexus: path.nexus }));
  }
  yield* mutex_unlock(path.lock);
}

/** The device of a path, which from here on nobody else finds; null: there is none. */
function* take(path: model_path): Steps<scsi_device | null> {
  yield makeStep('take_device', path, 'sdev', 'update', { ordering: 'full' });
  const { sdev } = path;
  path.sdev = null;
  return sdev;
}

/** `echo 1 > device/delete` of a path that is there. */
export function* removePath(world: ScsiModelWorld, index: number): Steps<void> {
  const path = pathAt(world, index);
  yield* mutex_lock(path.lock);
  const sdev = yield* take(path);
  if (sdev !== null) yield* scsi_remove_device(sdev);
  yield* mutex_unlock(path.lock);
}

/** The path is found, its disk cannot be added, and what is left is a device without a disk, which goes as well. */
export function* failProbe(world: ScsiModelWorld, index: number): Steps<void> {
  const path = pathAt(world, index);
  yield* store(path, 'refuses_disk', true);
  yield* addPath(world, index);
  yield* store(path, 'refuses_disk', false);
  yield* removePath(world, index);
}
