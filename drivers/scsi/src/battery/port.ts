// SPDX-License-Identifier: GPL-2.0-only
import {
  bio,
  delete_module,
  load,
  mutex_lock,
  mutex_unlock,
  store,
  type BatteryAccess,
  type BatteryPort,
  type BatteryTopology,
  type KObject,
  type Steps,
} from '@libmultipath/driver-kit';
import {
  SCSI_ACCESS_STATE_ACTIVE,
  SCSI_ACCESS_STATE_OPTIMAL,
  SCSI_ACCESS_STATE_PREFERRED,
} from '../environment/access-states.js';
import { scsi_device_block, scsi_internal_device_unblock } from '../environment/device-state.js';
import { SDEV_RUNNING } from '../environment/device-states.js';
import { resize_unit, inject } from '../environment/hardware/change.js';
import { CHECK } from '../environment/hardware/answers.js';
import { data_pages } from '../environment/hardware/transfer.js';
import { scsi_rescan_device } from '../environment/rescan.js';
import { SCSI_IOCTL_TEST_UNIT_READY } from '../environment/sd/sd-ioctl.js';
import { sd_remove } from '../environment/sd/sd-probe.js';
import { variantOf, type ScsiProfile } from '../models.js';
import { writeFound } from '../model/directory.js';
import type { ScsiModelWorld } from '../model/world.js';
import { scsi_mpath_device } from '../template/scsi-mpath-device.js';
import { ONLY_UNIT, type ScsiTopology } from '../topology.js';
import { addPath, failProbe, pathAt, removePath } from './paths.js';

const SECTORS_PER_MIB = 2_048;

/** One unit, each path on a host of its own. */
const topologyOf = (shape: BatteryTopology): ScsiTopology => {
  const labels = Array.from({ length: shape.paths }, (_, index) => `p${String(index)}`);
  return {
    array: 'qemu',
    over: 'nothing',
    nodes: Math.max(...shape.nodes) + 1,
    multipath: shape.shared ? 'always' : 'off',
    alua: false,
    units: [
      {
        label: ONLY_UNIT,
        sizeMiB: shape.sectors / SECTORS_PER_MIB,
        ids: [{ naa: '5000000000000001' }],
        tpgs: 'none',
        type: 'disk',
        transitionSeconds: 0,
      },
    ],
    groups: [],
    hosts: labels.map((label, index) => {
      const node = shape.pathNodes[index] ?? null;
      return node === null ? { label } : { label, node };
    }),
    paths: labels.map((label) => ({ label, unit: ONLY_UNIT, host: label, id: 0, lun: 0 })),
  };
};

/** The transport loses the device, or has it again. */
function* setUsable(world: ScsiModelWorld, index: number, usable: boolean): Steps<void> {
  const path = pathAt(world, index);
  yield* mutex_lock(path.lock);
  const sdev = yield* load(path, 'sdev');
  if (sdev !== null && usable) yield* scsi_internal_device_unblock(sdev, SDEV_RUNNING);
  if (sdev !== null && !usable) yield* scsi_device_block(sdev);
  yield* mutex_unlock(path.lock);
}

const ACCESS: Readonly<Record<BatteryAccess, number>> = {
  optimized: SCSI_ACCESS_STATE_OPTIMAL,
  'non-optimized': SCSI_ACCESS_STATE_ACTIVE,
  preferred: SCSI_ACCESS_STATE_OPTIMAL | SCSI_ACCESS_STATE_PREFERRED,
};

/** What a device handler stores when it has read the state of the port groups. Part of alua_rtpg(). */
function* setAccess(world: ScsiModelWorld, index: number, access: BatteryAccess): Steps<void> {
  const path = pathAt(world, index);
  yield* mutex_lock(path.lock);
  const sdev = yield* load(path, 'sdev');
  if (sdev !== null) yield* store(sdev, 'access_state', ACCESS[access]);
  yield* mutex_unlock(path.lock);
}

/** The unit grows or shrinks, and each path is asked for its size. */
function* setCapacity(world: ScsiModelWorld, sectors: number): Steps<void> {
  for (const unit of world.units.values()) yield* resize_unit(unit, sectors);
  for (const path of world.paths.values()) {
    yield* mutex_lock(path.lock);
    const sdev = yield* load(path, 'sdev');
    if (sdev !== null) yield* scsi_rescan_device(sdev);
    yield* mutex_unlock(path.lock);
  }
}

/** sd lets go of every device. Kernel: exit_sd(), its driver_unregister(). */
function* exitSd(world: ScsiModelWorld): Steps<void> {
  for (const path of world.paths.values()) {
    yield* mutex_lock(path.lock);
    const sdev = yield* load(path, 'sdev');
    if (sdev !== null) {
      yield* mutex_lock(sdev.device_mutex);
      yield* sd_remove(sdev);
      yield* store(sdev, 'sdkp', null);
      yield* mutex_unlock(sdev.device_mutex);
    }
    yield* mutex_unlock(path.lock);
  }
}

const PATH_ERROR = CHECK(0x05, 0x25, 0x00);
const TARGET_ERROR = CHECK(0x05, 0x24, 0x00);

const live = (objects: readonly KObject[]): KObject[] => objects.filter(({ alloc }) => !alloc.freed);

/** SCSI over the library, for the standard battery: paths are units of one identification on a host each. */
export const scsiBattery: BatteryPort<ScsiTopology, ScsiModelWorld> = {
  topology: topologyOf,
  variant: (profile: ScsiProfile, without) => variantOf(profile.name, without),
  unsupported: (profile) => (profile.kind === 'library' ? undefined : 'no released kernel has SCSI multipath'),
  addPath,
  removePath,
  failProbe,
  setUsable,
  setAccess,
  *failNext(world, index, error) {
    yield* inject(pathAt(world, index).nexus, error === 'path-error' ? PATH_ERROR : TARGET_ERROR);
  },
  setPolicy: ({ sight }, policy) =>
    writeFound(sight.classes.heads, () => sight.heads()[0]?.dev.kobj, 'iopolicy', policy),
  setDelayedRemoval: ({ sight }, seconds) =>
    writeFound(sight.classes.disks, () => sight.disks()[0]?.disk.device.kobj, 'delayed_removal_secs', String(seconds)),
  setCapacity,
  unloadModule: (world) => delete_module(world.core.sd_mod, () => exitSd(world)),
  diskIoctl: { cmd: SCSI_IOCTL_TEST_UNIT_READY, arg: null },
  newBio: (init, data) => new bio({ ...init, bi_io_vec: new data_pages([data]) }),
  dataOf: ({ bi_io_vec }) => (bi_io_vec instanceof data_pages ? (bi_io_vec.pages[0] ?? '') : ''),
  heads: ({ sight }) => sight.views(),
  isUsable: (_world, dev) =>
    dev.container instanceof scsi_mpath_device && dev.container.sdev.sdev_state === SDEV_RUNNING,
  remains: ({ sight }) => live(sight.made()),
};
