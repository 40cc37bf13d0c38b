// SPDX-License-Identifier: GPL-2.0-only
import { current, GENHD_FL_HIDDEN, settle, type gendisk, type Steps } from '@libmultipath/driver-kit';
import { groupingKey } from '../environment/vpd-lun-id.js';
import type { scsi_device } from '../environment/scsi-device.js';
import type { HeadSight } from './sight.js';
import type { model_path, ScsiModelWorld } from './world.js';

const SECTORS_PER_MIB = 2_048;

/**
 * A user looks when everything has come to rest, timers excepted: what is looked at
 * without further steps is one state of the machine.
 */
export const look = (): Steps<void> => settle([]);

/** The identification that a path's page 0x83 comes to, as it is configured now; undefined: none. Pure. */
export const keyOf = ({ nexus }: model_path): string | undefined => {
  const data = nexus.identity.vpd.get(0x83);
  return data === undefined ? undefined : groupingKey({ len: data.length, data });
};

/** That of the first path of the topology: the head that words without a name mean. */
const firstKey = (world: ScsiModelWorld): string | undefined => {
  const [first] = world.paths.values();
  return first === undefined ? undefined : keyOf(first);
};

/** The device of the head, as sysfs has it; undefined: none. Pure. */
export const findHead = (world: ScsiModelWorld): HeadSight | undefined => {
  const key = firstKey(world);
  return key === undefined ? undefined : world.sight.heads().find(({ id }) => id === key);
};

/** The disk of the head, as sysfs has it; undefined: none. Pure. */
export const findDisk = (world: ScsiModelWorld): gendisk | undefined => {
  if (world.daemon !== null) return world.daemon.md?.disk;
  const key = firstKey(world);
  return key === undefined ? undefined : world.sight.disks().find(({ id }) => id === key)?.disk;
};

export interface AttachedPath {
  readonly label: string;
  readonly sdev: scsi_device;
}

/** Paths that are attached, in the order of the topology. Pure. */
export const attachedPaths = (world: ScsiModelWorld): readonly AttachedPath[] =>
  [...world.paths.values()].flatMap(({ name, sdev }) => (sdev === null ? [] : [{ label: name, sdev }]));

/** The path's own disk, when sysfs has it. Pure. */
export const diskOf = ({ sdkp }: scsi_device): gendisk | undefined =>
  sdkp !== null && sdkp.disk.device.kobj.state_in_sysfs ? sdkp.disk : undefined;

export const sizeMiB = (disk: gendisk): number => disk.part0.bd_nr_sectors / SECTORS_PER_MIB;
export const isHidden = (disk: gendisk): boolean => (disk.flags & GENHD_FL_HIDDEN) !== 0;

/** Runs on a CPU, as a pinned thread does. */
export function* onCpu<T>(cpu: number, body: () => Steps<T>): Steps<T> {
  const task = current();
  const before = task.cpu;
  task.cpu = cpu;
  const value = yield* body();
  task.cpu = before;
  return value;
}
